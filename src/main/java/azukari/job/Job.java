package azukari.job;

import azukari.database.NullableUuid;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/**
 * A job's row. Read as an entity; changed only by the conditional statements of {@link JobTable}, so it has no setters.
 */
@Entity
@Table(name = "job")
public class Job {
    @Id
    private UUID id;

    private String code;

    @Column(name = "request_id")
    private String requestId;

    private String fingerprint;
    private String submitter;
    private int priority;
    private String body;
    private String lane;

    @Enumerated(EnumType.STRING)
    private JobState state;

    @Enumerated(EnumType.STRING)
    @Column(name = "waiting_for")
    private Waiting waitingFor;

    @Column(name = "due_at")
    private Instant dueAt;

    private long fence;
    private int run;
    private int attempt;

    @Column(name = "max_attempts")
    private int maxAttempts;

    private int generation;
    private boolean doubtful;
    private int interrupted;
    private int deaths;
    private boolean cancelling;

    @Convert(converter = NullableUuid.class)
    private UUID owner;

    private String node;

    @Column(name = "progress_percent")
    private Integer progressPercent;

    @Column(name = "progress_message")
    private String progressMessage;

    private String result;

    @Enumerated(EnumType.STRING)
    @Column(name = "error_kind")
    private ErrorKind errorKind;

    @Column(name = "error_message")
    private String errorMessage;

    @Convert(converter = NullableUuid.class)
    private UUID parent;

    @Column(name = "parent_generation")
    private Integer parentGeneration;

    @Column(name = "parent_ordinal")
    private Integer parentOrdinal;

    private UUID root;
    private String extensions;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "not_before")
    private Instant notBefore;

    @Column(name = "started_at")
    private Instant startedAt;

    @Column(name = "finished_at")
    private Instant finishedAt;

    @Column(name = "expires_at")
    private Instant expiresAt;

    /** For the persistence provider. */
    protected Job() {}

    /**
     * A job that is about to be accepted: QUEUED, or WAITING when its time lies ahead.
     *
     * @param order what was asked for
     * @param now the time of acceptance
     */
    public static Job accepted(JobOrder order, Instant now) {
        Job job = new Job();
        job.id = order.id();
        job.code = order.code();
        job.requestId = order.requestId();
        job.fingerprint = order.fingerprint();
        job.submitter = order.submitter();
        job.priority = order.priority();
        job.body = order.body();
        job.lane = order.lane();
        job.maxAttempts = order.maxAttempts();
        job.parent = order.emission() == null ? null : order.emission().parent();
        job.parentGeneration =
                order.emission() == null ? null : order.emission().generation();
        job.parentOrdinal = order.emission() == null ? null : order.emission().ordinal();
        job.root = order.emission() == null ? order.id() : order.emission().root();
        job.extensions = order.extensions();
        job.createdAt = now;
        job.notBefore = order.notBefore();
        boolean later = order.notBefore() != null && order.notBefore().isAfter(now);
        job.expiresAt = (later ? order.notBefore() : now).plus(order.expireAfter());
        job.state = Transitions.next(order.id(), null, later ? JobEvent.ACCEPT_LATER : JobEvent.ACCEPT);
        if (later) {
            job.waitingFor = Waiting.TIME;
            job.dueAt = order.notBefore();
        } else {
            job.fence = 1;
        }
        return job;
    }

    public UUID id() {
        return id;
    }

    public String code() {
        return code;
    }

    /** The client's own name for the event; null when it gave none. */
    public String requestId() {
        return requestId;
    }

    /** Digest of what was asked under the {@link #requestId}; null without one. */
    public String fingerprint() {
        return fingerprint;
    }

    public String submitter() {
        return submitter;
    }

    /** 0 to 9, 9 first. */
    public int priority() {
        return priority;
    }

    /** The event's body, a JSON text. */
    public String body() {
        return body;
    }

    public String lane() {
        return lane;
    }

    public JobState state() {
        return state;
    }

    /** Set exactly while WAITING. */
    public Waiting waitingFor() {
        return waitingFor;
    }

    /** When a WAITING job goes on; null in every other state. */
    public Instant dueAt() {
        return dueAt;
    }

    /** Grows by one at each entry to QUEUED and at each claim (rule 1). */
    public long fence() {
        return fence;
    }

    /** The number of the newest run, 0 before the first. */
    public int run() {
        return run;
    }

    /** How many runs used up the retry budget, the running one included. */
    public int attempt() {
        return attempt;
    }

    public int maxAttempts() {
        return maxAttempts;
    }

    /** Grows with each retry by an operator. */
    public int generation() {
        return generation;
    }

    /** Whether an earlier run was cut off, so that the handler is asked first whether its effect happened. */
    public boolean doubtful() {
        return doubtful;
    }

    /**
     * Whether it may be what kills the process (rule 7): two deaths in a row cut its runs off. After the first one it runs
     * freely, since a death is most often nobody's fault.
     */
    public boolean suspect() {
        return interrupted > 1;
    }

    /** Whether it is quarantined: three deaths count against it. */
    public boolean poisonous() {
        return deaths >= 3;
    }

    /** Whether somebody asked for its end while it ran, or while its effect was in doubt. */
    public boolean cancelling() {
        return cancelling;
    }

    /** The incarnation of the node that runs it; set exactly while RUNNING. */
    public UUID owner() {
        return owner;
    }

    /** The name of the node that ran it last; null before the first run. */
    public String node() {
        return node;
    }

    /** 0 to 100; null when the handler told none. */
    public Integer progressPercent() {
        return progressPercent;
    }

    /** Null when the handler told none. */
    public String progressMessage() {
        return progressMessage;
    }

    /** The handler's result, a JSON text; null without one. */
    public String result() {
        return result;
    }

    /** The last thing that went wrong; null when nothing did. */
    public JobError error() {
        return errorKind == null ? null : new JobError(errorKind, errorMessage);
    }

    /** The job that emitted this one; null for a posted one. */
    public UUID parent() {
        return parent;
    }

    /** The first job of the chain; its own id for a posted one. */
    public UUID root() {
        return root;
    }

    /** The extension attributes of a CloudEvents event, a JSON text; null for none. */
    public String extensions() {
        return extensions;
    }

    public Instant createdAt() {
        return createdAt;
    }

    /** Null when none was asked for. */
    public Instant notBefore() {
        return notBefore;
    }

    /** When the newest run began; null before the first. */
    public Instant startedAt() {
        return startedAt;
    }

    /** Null until it ended. */
    public Instant finishedAt() {
        return finishedAt;
    }

    public Instant expiresAt() {
        return expiresAt;
    }

    Integer parentGeneration() {
        return parentGeneration;
    }

    Integer parentOrdinal() {
        return parentOrdinal;
    }
}
