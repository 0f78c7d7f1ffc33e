package azukari.job;

import azukari.database.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The statements that end runs: in the job's row and in the ledger. */
public final class RunTable {
    /** The owner is compared in a way that no index serves: the one on it may hold entries of all the runs before. */
    private static final String END_RUN = """
            UPDATE job
               SET state = ?, waiting_for = ?, due_at = ?, fence = fence + ?, attempt = attempt - ?, owner = NULL,
                   doubtful = ?, result = ?, error_kind = ?, error_message = ?, finished_at = ?,
                   interrupted = interrupted * ?, deaths = deaths * ?, cancelling = cancelling AND ?,
                   progress_percent = COALESCE(?, progress_percent),
                   progress_message = CASE WHEN ? THEN ? ELSE progress_message END
             WHERE id = ? AND state = 'RUNNING' AND fence = ? AND owner IS NOT DISTINCT FROM ?
            """;

    private static final String ADD_TO_LEDGER = """
            INSERT INTO run (job, number, attempt, counts, node, started_at, ended_at, outcome, error_kind, error_message)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private RunTable() {}

    /** How far a run has got, in percent, and in words, which may be null. */
    public record Progress(int percent, String message) {}

    /**
     * What the end of a run must match and sets.
     *
     * @param progress the run's last word; null: what is stored stays
     */
    public record RunEnd(RunRef run, Ending ending, Progress progress, Instant now) {}

    /**
     * Ends runs: each job goes where its ending says, and the ledger gets the run's entry, unless the run succeeded: nothing
     * follows in that job, and its row says all that the entry would ({@link RunEntry#ofSuccess}).
     *
     * @return for each end, whether the run was still its owner's; where it was not, nothing is changed
     */
    public static boolean[] endRuns(Tx tx, List<RunEnd> ends) {
        int[] counts =
                tx.batch(END_RUN, ends, Comparator.comparing(end -> end.run().job()), RunTable::endRow);
        boolean[] won = new boolean[counts.length];
        List<Object[]> entries = new ArrayList<>(counts.length);
        for (int i = 0; i < counts.length; i++) {
            won[i] = counts[i] == 1;
            if (won[i] && ends.get(i).ending().event() != JobEvent.SUCCEED) {
                entries.add(ledgerRow(ends.get(i)));
            }
        }
        tx.batch(ADD_TO_LEDGER, entries);
        return won;
    }

    private static Object[] endRow(RunEnd end) {
        RunRef run = end.run();
        Ending ending = end.ending();
        JobError error = ending.error();
        Progress progress = end.progress();
        JobState to = Transitions.next(run.job(), JobState.RUNNING, ending.event());
        int suspicion = ending.event() == JobEvent.INTERRUPT ? 1 : 0; // Any other end of a run clears it.
        return new Object[] {
            to,
            ending.waitingFor(),
            ending.dueAt(),
            to == JobState.QUEUED ? 1 : 0,
            ending.counts() ? 0 : 1,
            ending.doubtful(),
            ending.result(),
            error == null ? null : error.kind(),
            error == null ? null : error.message(),
            to.ended() ? end.now() : null,
            suspicion,
            suspicion,
            !to.ended(),
            progress == null ? null : progress.percent(),
            progress != null,
            progress == null ? null : progress.message(),
            run.job(),
            run.fence(),
            run.owner()
        };
    }

    private static Object[] ledgerRow(RunEnd end) {
        RunRef run = end.run();
        JobError error = end.ending().error();
        return new Object[] {
            run.job(),
            run.number(),
            run.attempt(),
            end.ending().counts(),
            run.node(),
            run.startedAt(),
            end.now(),
            end.ending().outcome(),
            error == null ? null : error.kind(),
            error == null ? null : error.message()
        };
    }
}
