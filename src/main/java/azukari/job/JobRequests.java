package azukari.job;

import azukari.database.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The statements by which people change a job: its row is locked, looked at, and then changed. */
public final class JobRequests {
    private static final String LOCK = """
            SELECT * FROM job WHERE id = ? FOR UPDATE
            """;

    private static final String CANCEL = """
            UPDATE job
               SET state = ?, waiting_for = NULL, due_at = NULL, error_kind = NULL, error_message = NULL, finished_at = ?,
                   cancelling = FALSE
             WHERE id = ? AND state = ? AND fence = ?
            """;

    private static final String ASK_TO_CANCEL = """
            UPDATE job SET cancelling = TRUE, due_at = CASE WHEN state = 'WAITING' THEN CAST(? AS timestamp with time zone) END
             WHERE id = ? AND fence = ?
            """;

    private static final String HASTEN_CANCELLED = """
            UPDATE job SET due_at = CASE WHEN state = 'WAITING' THEN CAST(? AS timestamp with time zone) END
             WHERE id = ? AND cancelling
            """;

    private static final String RETRY = """
            UPDATE job
               SET state = ?, fence = fence + 1, attempt = 0, generation = generation + 1, doubtful = ?, interrupted = 0,
                   deaths = 0, progress_percent = NULL, progress_message = NULL, result = NULL, error_kind = NULL,
                   error_message = NULL, started_at = NULL, finished_at = NULL, expires_at = ?
             WHERE id = ? AND state = ? AND fence = ?
            """;

    private JobRequests() {}

    /** Locks a job's row until the transaction ends; whoever changes the job waits. */
    @SuppressWarnings("unchecked") // a native query with a result class returns that class
    public static Optional<Job> lock(Tx tx, UUID job) {
        List<Job> found =
                tx.em().createNativeQuery(LOCK, Job.class).setParameter(1, job).getResultList();
        return found.stream().findFirst();
    }

    /** Ends a locked WAITING or QUEUED job; a message of it finds nothing to claim. */
    public static void cancel(Tx tx, Job job, Instant now) {
        JobState to = Transitions.next(job.id(), job.state(), JobEvent.CANCEL);
        one(job, tx.update(CANCEL, to, now, job.id(), job.state(), job.fence()));
    }

    /** Notes on a locked job that it is to end; a WAITING one is due at once. */
    public static void askToCancel(Tx tx, Job job, Instant now) {
        one(job, tx.update(ASK_TO_CANCEL, now, job.id(), job.fence()));
    }

    /** Those of the jobs, all locked by this transaction, that are to end; where one is WAITING, it is due at once. */
    public static Set<UUID> hastenCancelled(Tx tx, List<UUID> jobs, Instant now) {
        int[] counts = tx.batch(
                HASTEN_CANCELLED,
                jobs.stream().map(job -> new Object[] {now, job}).toList());
        return IntStream.range(0, counts.length)
                .filter(i -> counts[i] == 1)
                .mapToObj(jobs::get)
                .collect(Collectors.toSet());
    }

    /**
     * Puts a locked, ended job into QUEUED as a new generation: attempts begin again, run numbers and fence go on.
     *
     * @param doubtful whether the handler is to be asked first if the effect happened
     */
    public static void retry(Tx tx, Job job, boolean doubtful, Instant expiresAt) {
        JobState to = Transitions.next(job.id(), job.state(), JobEvent.RETRY);
        one(job, tx.update(RETRY, to, doubtful, expiresAt, job.id(), job.state(), job.fence()));
    }

    private static void one(Job job, int changed) {
        if (changed != 1) {
            throw new IllegalStateException("job " + job.id() + " changed although its row was locked");
        }
    }
}
