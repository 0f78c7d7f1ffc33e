package azukari.job;

import azukari.database.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The statements on jobs whose runs were cut off by deaths of the process (rule 7). */
public final class JobDeaths {
    private static final String RUNNING_OF = """
            SELECT id, interrupted FROM job WHERE owner = ? ORDER BY id
            """;

    private static final String INTERRUPTED = """
            UPDATE job SET interrupted = interrupted + 1, deaths = deaths + ? WHERE id = ? AND owner = ?
            """;

    private static final String ACQUIT = """
            UPDATE job SET deaths = deaths - 1 WHERE id = ? AND deaths > 0
            """;

    private static final String STAND_ASIDE = """
            UPDATE job SET state = ?, waiting_for = 'BACKOFF', due_at = ? WHERE id = ? AND state = 'QUEUED' AND fence = ?
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

    /** Puts a QUEUED job back into WAITING, for a moment and free of charge; false when it is not as it was read. */
    public static boolean standAside(Tx tx, UUID job, long fence, Instant dueAt) {
        JobState to = Transitions.next(job, JobState.QUEUED, JobEvent.STAND_ASIDE);
        return tx.update(STAND_ASIDE, to, dueAt, job, fence) == 1;
    }
}
