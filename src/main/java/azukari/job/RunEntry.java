package azukari.job;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * One ended run in the ledger. Read as an entity; written by {@link ExitTable} in the transaction that ends it. The run
 * in progress, and the one that succeeded, are in the job's row.
 */
@Entity
@Table(name = "run")
@IdClass(RunEntry.Key.class)
public class RunEntry {
    @Id
    @Column(name = "job")
    private UUID job;

    @Id
    @Column(name = "number")
    private int number;

    @Column(name = "attempt")
    private int attempt;

    @Column(name = "counts")
    private boolean counts;

    @Column(name = "node")
    private String node;

    @Column(name = "started_at")
    private Instant startedAt;

    @Column(name = "ended_at")
    private Instant endedAt;

    @Enumerated(EnumType.STRING)
    @Column(name = "outcome")
    private RunOutcome outcome;

    @Enumerated(EnumType.STRING)
    @Column(name = "error_kind")
    private ErrorKind errorKind;

    @Column(name = "error_message")
    private String errorMessage;

    /** For the persistence provider. */
    protected RunEntry() {}

    /** The entry for the last run of a SUCCEEDED job. */
    static RunEntry ofSuccess(Job job) {
        RunEntry entry = new RunEntry();
        entry.job = job.id();
        entry.number = job.run();
        entry.attempt = job.attempt();
        entry.counts = true;
        entry.node = job.node();
        entry.startedAt = job.startedAt();
        entry.endedAt = job.finishedAt();
        entry.outcome = RunOutcome.SUCCEEDED;
        return entry;
    }

    public int number() {
        return number;
    }

    /** Which attempt this run was, or would have been if it had counted. */
    public int attempt() {
        return attempt;
    }

    /** Whether it used up an attempt. */
    public boolean counts() {
        return counts;
    }

    public String node() {
        return node;
    }

    public Instant startedAt() {
        return startedAt;
    }

    public Instant endedAt() {
        return endedAt;
    }

    public RunOutcome outcome() {
        return outcome;
    }

    /** Null if nothing went wrong. */
    public JobError error() {
        return errorKind == null ? null : new JobError(errorKind, errorMessage);
    }

    /** A run's identity. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        private UUID job;
        private int number;

        /** For the persistence provider. */
        public Key() {}

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.number == number && Objects.equals(key.job, job);
        }

        @Override
        public int hashCode() {
            return Objects.hash(job, number);
        }
    }
}
