package azukari.job;

import azukari.database.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The statements by which people change a job: its row is locked, read, and then changed. */
public final class JobRequests {
    private static final String LOCK = """
            SELECT job FROM job_state WHERE job = ? FOR UPDATE
            """;

    private static final String ASK_TO_CANCEL = """
            UPDATE job_state
               SET cancelling = TRUE, due_at = CASE WHEN state = 'WAITING' THEN CAST(? AS timestamp with time zone) END
             WHERE job = ?
            """;

    private static final String HASTEN_CANCELLED = """
            UPDATE job_state SET due_at = ? WHERE job = ? AND state = 'WAITING' AND cancelling
            """;

    /** The new generation is WAITING, and due, until the same transaction queues it. */
    private static final String RETRY = """
            UPDATE job_state
               SET state = 'WAITING', waiting_for = 'TIME', due_at = ?, attempt = 0, generation = generation + 1,
                   doubtful = ?, interrupted = 0, deaths = 0, progress_percent = NULL, progress_message = NULL,
                   error_kind = NULL, error_message = NULL, started_at = NULL, finished_at = NULL, limited = ?, expires_at = ?
             WHERE job = ? AND state = ? AND fence = ?
            """;

    private static final String NEXT_GENERATION = """
            UPDATE job_state SET generation = generation + 1 WHERE job = ? AND state = ? AND fence = ?
            """;

    private JobRequests() {}

    /** Locks a job's row until the transaction ends; other transactions that change the job wait. */
    public static Optional<Standing> lock(Tx tx, UUID job) {
        List<UUID> found = tx.query(LOCK, row -> row.getObject(1, UUID.class), job);
        return Standing.read(tx, found).stream().findFirst();
    }

    /** Records on locked jobs that they are to end; a WAITING one becomes due at once. */
    public static void askToCancel(Tx tx, List<UUID> jobs, Instant now) {
        int[] changed = tx.batch(
                ASK_TO_CANCEL, jobs.stream().map(job -> new Object[] {now, job}).toList());
        for (int i = 0; i < changed.length; i++) {
            one(jobs.get(i), changed[i]);
        }
    }

    /** Makes those of the jobs, all locked by this transaction, that are to end and are WAITING due at once. */
    public static void hastenCancelled(Tx tx, List<UUID> jobs, Instant now) {
        tx.batch(
                HASTEN_CANCELLED,
                jobs.stream().sorted().map(job -> new Object[] {now, job}).toList());
    }

    /**
     * A new generation of an ended job.
     *
     * @param doubtful whether the handler must first be asked whether the effect happened
     * @param limited whether it has permits
     */
    public record Renewal(Standing job, boolean doubtful, boolean limited, Instant expiresAt) {}

    /**
     * Makes locked, ended jobs new generations that are about to be queued: attempts start again, run numbers and the
     * fence continue.
     *
     * @return the current jobs
     */
    public static List<Standing> renew(Tx tx, List<Renewal> renewals, Instant now) {
        renewals.forEach(
                renewal -> Transitions.next(renewal.job().job(), renewal.job().state(), JobEvent.RETRY));
        int[] changed = tx.batch(
                RETRY,
                renewals.stream()
                        .map(renewal -> new Object[] {
                            now,
                            renewal.doubtful(),
                            renewal.limited(),
                            renewal.expiresAt(),
                            renewal.job().job(),
                            renewal.job().state(),
                            renewal.job().ticket().fence()
                        })
                        .toList());
        for (int i = 0; i < changed.length; i++) {
            one(renewals.get(i).job().job(), changed[i]);
        }
        return Standing.read(
                tx, renewals.stream().map(renewal -> renewal.job().job()).toList());
    }

    /**
     * Begins a new generation of a locked job that has ended, so that what follows from its end is not what followed before.
     *
     * @return the current job
     */
    public static Standing nextGeneration(Tx tx, Standing job) {
        one(
                job.job(),
                tx.update(NEXT_GENERATION, job.job(), job.state(), job.ticket().fence()));
        return Standing.read(tx, List.of(job.job())).get(0);
    }

    private static void one(UUID job, int changed) {
        if (changed != 1) {
            throw new IllegalStateException("job " + job + " changed although its row was locked");
        }
    }
}
