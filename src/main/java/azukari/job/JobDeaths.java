package azukari.job;

import azukari.database.Tx;
import java.util.List;
import java.util.UUID;

/** The statements on jobs whose runs were interrupted by deaths of the process (rule 7). */
public final class JobDeaths {
    private static final String RUNNING_OF = """
            SELECT job, interrupted FROM job_state WHERE state = 'RUNNING' AND owner = ? ORDER BY job
            """;

    private static final String INTERRUPTED = """
            UPDATE job_state SET interrupted = interrupted + 1, deaths = deaths + ? WHERE job = ? AND owner = ?
            """;

    /** Not below zero: the job may have ended a run by itself since, from which it begins to count anew. */
    private static final String ACQUIT = """
            UPDATE job_state SET interrupted = interrupted - 1, deaths = deaths - CASE WHEN ? AND deaths > 0 THEN 1 ELSE 0 END
             WHERE job = ? AND interrupted > 0 AND (deaths < interrupted OR ?)
            """;

    private JobDeaths() {}

    /**
     * A job that the death of a process interrupted.
     *
     * @param blamed whether the death counts against it
     */
    public record Interrupted(UUID job, boolean blamed) {}

    /**
     * Records the death of a process on all jobs that this incarnation was running. The death counts against one of
     * them only if exactly one had already been interrupted by an earlier death or, if there is no such job, if exactly
     * one was running.
     *
     * @return the jobs that it was running
     */
    public static List<Interrupted> note(Tx tx, UUID incarnation) {
        record Run(UUID job, boolean interruptedBefore) {}
        List<Run> runs =
                tx.query(RUNNING_OF, row -> new Run(row.getObject(1, UUID.class), row.getInt(2) > 0), incarnation);
        List<Run> before = runs.stream().filter(Run::interruptedBefore).toList();
        List<Run> suspects = before.isEmpty() ? runs : before;
        UUID blamed = suspects.size() == 1 ? suspects.get(0).job() : null;
        List<Interrupted> interrupted = runs.stream()
                .map(run -> new Interrupted(run.job(), run.job().equals(blamed)))
                .toList();
        tx.batch(
                INTERRUPTED,
                interrupted.stream()
                        .map(run -> new Object[] {run.blamed() ? 1 : 0, run.job(), incarnation})
                        .toList());
        return interrupted;
    }

    /** Withdraws a death: the process had not died after all. */
    public static void acquit(Tx tx, List<Interrupted> jobs) {
        tx.batch(
                ACQUIT,
                jobs.stream()
                        .map(job -> new Object[] {job.blamed(), job.job(), job.blamed()})
                        .toList());
    }
}
