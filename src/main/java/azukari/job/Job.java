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
 * A job as it is shown: what was written once, and what changes. Read as an entity, and never changed through it; its
 * body is not part of it, since only messages need it.
 */
@Entity
@Table(name = "event")
@SecondaryTable(name = "job_state", pkJoinColumns = @PrimaryKeyJoinColumn(name = "job"))
public class Job {
    /**
     * How many consecutive deaths may interrupt a job's runs without making it a suspect: a single one is usually
     * nobody's fault.
     */
    static final int INNOCENT_INTERRUPTIONS = 1;

    @Id
    @Column(name = "id")
    private UUID id;

    @Column(name = "code")
    private String code;

    @Column(name = "request_id")
    private String requestId;

    @Column(name = "fingerprint")
    private String fingerprint;

    @Column(name = "submitter")
    private String submitter;

    @Column(name = "priority")
    private int priority;

    @Column(name = "lane", table = "job_state")
    private String lane;

    @Enumerated(EnumType.STRING)
    @Column(name = "state", table = "job_state")
    private JobState state;

    @Enumerated(EnumType.STRING)
    @Column(name = "waiting_for", table = "job_state")
    private Waiting waitingFor;

    @Column(name = "due_at", table = "job_state")
    private Instant dueAt;

    @Column(name = "fence", table = "job_state")
    private long fence;

    @Column(name = "run", table = "job_state")
    private int run;

    @Column(name = "attempt", table = "job_state")
    private int attempt;

    @Column(name = "max_attempts")
    private int maxAttempts;

    @Column(name = "generation", table = "job_state")
    private int generation;

    @Column(name = "doubtful", table = "job_state")
    private boolean doubtful;

    @Column(name = "interrupted", table = "job_state")
    private int interrupted;

    @Column(name = "deaths", table = "job_state")
    private int deaths;

    @Column(name = "cancelling", table = "job_state")
    private boolean cancelling;

    @Column(name = "limited", table = "job_state")
    private boolean limited;

    @Convert(converter = NullableUuid.class)
    @Column(name = "owner", table = "job_state")
    private UUID owner;

    @Column(name = "node", table = "job_state")
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
    @Column(name = "parent")
    private UUID parent;

    @Column(name = "parent_generation")
    private Integer parentGeneration;

    @Column(name = "parent_ordinal")
    private Integer parentOrdinal;

    @Column(name = "root")
    private UUID root;

    @Column(name = "children", table = "job_state")
    private Integer children;

    @Column(name = "children_succeeded", table = "job_state")
    private Integer childrenSucceeded;

    @Column(name = "children_failed", table = "job_state")
    private Integer childrenFailed;

    @Column(name = "extensions")
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

    /** A job as it is immediately after it was stored. */
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
        job.children = stored.children();
        job.childrenSucceeded = stored.noneEnded();
        job.childrenFailed = stored.noneEnded();
        job.extensions = order.extensions();
        job.createdAt = stored.now();
        job.notBefore = order.notBefore();
        job.expiresAt = stored.expiresAt();
        job.limited = stored.limited();
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

    /** The client's own identifier for the event; null if it gave none. */
    public String requestId() {
        return requestId;
    }

    /** Digest of what was requested under the {@link #requestId}; null without one. */
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

    /** Non-null exactly while WAITING. */
    public Waiting waitingFor() {
        return waitingFor;
    }

    /** When a WAITING job is due; null in every other state. */
    public Instant dueAt() {
        return dueAt;
    }

    /** Increases by one at each entry to QUEUED and at each claim (rule 1). */
    public long fence() {
        return fence;
    }

    /** The number of the latest run; 0 before the first. */
    public int run() {
        return run;
    }

    /** How many runs used up the retry budget, including the current one. */
    public int attempt() {
        return attempt;
    }

    public int maxAttempts() {
        return maxAttempts;
    }

    /** Increases with each retry by an operator. */
    public int generation() {
        return generation;
    }

    /** Whether an earlier run was interrupted, so that the handler is first asked whether its effect happened. */
    public boolean doubtful() {
        return doubtful;
    }

    /**
     * Whether it may be what kills the process (rule 7): two consecutive deaths interrupted its runs. After the first
     * one it still runs freely, since a single death is usually nobody's fault.
     */
    public boolean suspect() {
        return interrupted > INNOCENT_INTERRUPTIONS;
    }

    /** Whether it is quarantined: three deaths count against it. */
    public boolean poisonous() {
        return deaths >= 3;
    }

    /** Whether it waits for a channel or a lock before it is put on the wire. */
    public boolean limited() {
        return limited;
    }

    /** Whether its end was requested while it ran, or while its effect was in doubt. */
    public boolean cancelling() {
        return cancelling;
    }

    /** The incarnation of the node that runs it; non-null exactly while RUNNING. */
    public UUID owner() {
        return owner;
    }

    /** The name of the node that ran it last; null before the first run. */
    public String node() {
        return node;
    }

    /** 0 to 100; null if the handler reported none. */
    public Integer progressPercent() {
        return progressPercent;
    }

    /** Null if the handler reported none. */
    public String progressMessage() {
        return progressMessage;
    }

    /** The handler's result as JSON text; null without one. */
    public String result() {
        return result;
    }

    /** The length of the {@link #result} in characters; null without one. */
    Integer resultSize() {
        return resultSize;
    }

    void setResult(String text) {
        result = text;
    }

    /** The latest error; null if there was none. */
    public JobError error() {
        return errorKind == null ? null : new JobError(errorKind, errorMessage);
    }

    /** The job that emitted this one, or whose child it is; null for a posted job. */
    public UUID parent() {
        return parent;
    }

    /** Whether it was posted, and is not what another job emitted or waits for. */
    public boolean first() {
        return parent == null;
    }

    /** Whether its parent waits for its end. */
    public boolean child() {
        return parentOrdinal != null && parentOrdinal < 0;
    }

    /** Its children and how they ended; null if it has none. */
    public Family family() {
        return children == null ? null : new Family(id, children, childrenSucceeded, childrenFailed);
    }

    /** The first job of the chain; its own id for a posted job. */
    public UUID root() {
        return root;
    }

    /** The extension attributes of a CloudEvents event as JSON text; null for none. */
    public String extensions() {
        return extensions;
    }

    public Instant createdAt() {
        return createdAt;
    }

    /** Null if none was requested. */
    public Instant notBefore() {
        return notBefore;
    }

    /** When the latest run began; null before the first. */
    public Instant startedAt() {
        return startedAt;
    }

    /** Null until it has ended. */
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
