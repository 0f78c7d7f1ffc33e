package azukari.job;

import azukari.database.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The statements on jobs whose runs were interrupted by deaths of the process (rule 7). */
public final class JobDeaths {
    private static final String RUNNING_OF = """
            SELECT job, interrupted FROM job_state WHERE state = 'RUNNING' AND owner = ? ORDER BY job
            """;

    private static final String INTERRUPTED = """
            UPDATE job_state SET interrupted = interrupted + 1, deaths = deaths + ? WHERE job = ? AND owner = ?
            """;

    private static final String ACQUIT = """
            UPDATE job_state SET deaths = deaths - 1 WHERE job = ? AND deaths > 0
            """;

    private JobDeaths() {}

    /**
     * Records the death of a process on all jobs that this incarnation was running. The death counts against one of
     * them only if exactly one had already been interrupted by an earlier death or, if there is no such job, if exactly
     * one was running.
     *
     * @return the job that it counts against; empty if there is none
     */
    public static Optional<UUID> note(Tx tx, UUID incarnation) {
        record Run(UUID job, boolean interruptedBefore) {}
        List<Run> runs =
                tx.query(RUNNING_OF, row -> new Run(row.getObject(1, UUID.class), row.getInt(2) > 0), incarnation);
        List<Run> before = runs.stream().filter(Run::interruptedBefore).toList();
        List<Run> suspects = before.isEmpty() ? runs : before;
        Optional<UUID> blamed =
                suspects.size() == 1 ? Optional.of(suspects.get(0).job()) : Optional.empty();
        tx.batch(
                INTERRUPTED,
                runs.stream()
                        .map(run -> new Object[] {
                            blamed.filter(run.job()::equals).isPresent() ? 1 : 0, run.job(), incarnation
                        })
                        .toList());
        return blamed;
    }

    /** Withdraws one death: the process had not died after all. */
    public static void acquit(Tx tx, UUID job) {
        tx.update(ACQUIT, job);
    }
}
