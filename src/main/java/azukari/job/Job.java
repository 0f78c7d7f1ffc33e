package azukari.job;

import azukari.database.NullableUuid;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PrimaryKeyJoinColumn;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.Instant;
import java.util.UUID;

/**
 * A job as it is shown: what was written once, and what changes. Read as an entity, and never changed by it; its body stays
 * where it is, since only messages need it.
 */
@Entity
@Table(name = "event")
@SecondaryTable(name = "job_state", pkJoinColumns = @PrimaryKeyJoinColumn(name = "job"))
public class Job {
    /** So many deaths in a row may cut a job's runs off before it is a suspect: one is most often nobody's fault. */
    static final int INNOCENT_INTERRUPTIONS = 1;

    @Id
    private UUID id;

    private String code;

    @Column(name = "request_id")
    private String requestId;

    private String fingerprint;
    private String submitter;
    private int priority;

    @Column(table = "job_state")
    private String lane;

    @Enumerated(EnumType.STRING)
    @Column(table = "job_state")
    private JobState state;

    @Enumerated(EnumType.STRING)
    @Column(name = "waiting_for", table = "job_state")
    private Waiting waitingFor;

    @Column(name = "due_at", table = "job_state")
    private Instant dueAt;

    @Column(table = "job_state")
    private long fence;

    @Column(table = "job_state")
    private int run;

    @Column(table = "job_state")
    private int attempt;

    @Column(name = "max_attempts")
    private int maxAttempts;

    @Column(table = "job_state")
    private int generation;

    @Column(table = "job_state")
    private boolean doubtful;

    @Column(table = "job_state")
    private int interrupted;

    @Column(table = "job_state")
    private int deaths;

    @Column(table = "job_state")
    private boolean cancelling;

    @Convert(converter = NullableUuid.class)
    @Column(table = "job_state")
    private UUID owner;

    @Column(table = "job_state")
    private String node;

    @Column(name = "progress_percent", table = "job_state")
    private Integer progressPercent;

    @Column(name = "progress_message", table = "job_state")
    private String progressMessage;

    @Column(name = "result_size", table = "job_state")
    private Integer resultSize;

    @Transient
    private String result;

    @Enumerated(EnumType.STRING)
    @Column(name = "error_kind", table = "job_state")
    private ErrorKind errorKind;

    @Column(name = "error_message", table = "job_state")
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

    @Column(name = "started_at", table = "job_state")
    private Instant startedAt;

    @Column(name = "finished_at", table = "job_state")
    private Instant finishedAt;

    @Column(name = "expires_at", table = "job_state")
    private Instant expiresAt;

    /** For the persistence provider. */
    protected Job() {}

    /** A job as it is just after it was stored. */
    public static Job of(NewJob stored) {
        JobOrder order = stored.order();
        Event event = stored.event();
        Job job = new Job();
        job.id = order.id();
        job.code = order.code();
        job.requestId = order.requestId();
        job.fingerprint = order.fingerprint();
        job.submitter = order.submitter();
        job.priority = order.priority();
        job.lane = order.lane();
        job.maxAttempts = order.maxAttempts();
        job.parent = event.parent();
        job.parentGeneration =
                order.emission() == null ? null : order.emission().generation();
        job.parentOrdinal = order.emission() == null ? null : order.emission().ordinal();
        job.root = event.root();
        job.extensions = order.extensions();
        job.createdAt = stored.now();
        job.notBefore = order.notBefore();
        job.expiresAt = stored.expiresAt();
        job.state = stored.state();
        job.waitingFor = stored.waitingFor();
        job.dueAt = stored.dueAt();
        job.fence = stored.fence();
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
        return interrupted > INNOCENT_INTERRUPTIONS;
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

    /** How many characters the {@link #result} has; null without one. */
    Integer resultSize() {
        return resultSize;
    }

    void setResult(String text) {
        result = text;
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
