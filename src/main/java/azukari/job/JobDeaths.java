package azukari.job;

import azukari.database.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The statements on jobs whose runs were cut off by deaths of the process (rule 7). */
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
     * Notes that a process died: on all jobs that this incarnation was running. It counts against one of them only when
     * there is just one that an earlier death had interrupted; or, when there is none such, just one at all.
     *
     * @return the job that it counts against
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

    /** Takes one death back: the process had not died after all. */
    public static void acquit(Tx tx, UUID job) {
        tx.update(ACQUIT, job);
    }
}
