package azukari.job;

import azukari.database.GroupStatement;
import azukari.database.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * The statements by which a job leaves QUEUED, RUNNING or WAITING: on its row, the ledger of its runs, and its result.
 */
public final class ExitTable {
    /** The owner is compared in addition to the key, and has no index: one would be written at each claim. */
    private static final GroupStatement<Exit> EXIT = GroupStatement.update("""
                    UPDATE job_state
                       SET state = :state, waiting_for = :waiting_for, due_at = :due_at, queued_at = NULL,
                           attempt = attempt - :not_counted, owner = NULL, doubtful = COALESCE(:doubtful, doubtful),
                           error_kind = CASE WHEN :keeps_error THEN error_kind ELSE :error_kind END,
                           error_message = CASE WHEN :keeps_error THEN error_message ELSE :error_message END,
                           finished_at = :finished_at, interrupted = interrupted * :suspicion,
                           deaths = deaths * :suspicion, cancelling = cancelling AND :goes_on,
                           progress_percent = COALESCE(:percent, progress_percent),
                           progress_message = CASE WHEN :progressed THEN :message ELSE progress_message END,
                           result_size = :result_size
                     :group
                     WHERE job = :job AND state = :from AND fence = :fence AND owner IS NOT DISTINCT FROM :owner
                    """, Comparator.comparing(Exit::job))
            .id("job", Exit::job)
            .text("from", Exit::from)
            .number("fence", Exit::fence)
            .id("owner", exit -> exit.run() == null ? null : exit.run().owner())
            .text("state", Exit::to)
            .text("waiting_for", exit -> exit.ending().waitingFor())
            .time("due_at", exit -> exit.ending().dueAt())
            .number("not_counted", exit -> exit.run() == null || exit.ending().counts() ? 0 : 1)
            .flag("doubtful", exit -> exit.ending().doubtful())
            .flag("keeps_error", exit -> exit.ending().keepsError())
            .text("error_kind", exit -> exit.ending().errorKind())
            .text("error_message", exit -> exit.ending().errorMessage())
            .time("finished_at", exit -> exit.to().ended() ? exit.now() : null)
            .number("suspicion", exit -> exit.run() == null || exit.ending().event() == JobEvent.INTERRUPT ? 1 : 0)
            .flag("goes_on", exit -> !exit.to().ended())
            .number(
                    "percent",
                    exit -> exit.progress() == null ? null : exit.progress().percent())
            .flag("progressed", exit -> exit.progress() != null)
            .text(
                    "message",
                    exit -> exit.progress() == null ? null : exit.progress().message())
            .number("result_size", Exit::resultSize)
            .build();

    private static final GroupStatement<Exit> ADD_TO_LEDGER = GroupStatement.insert(
                    """
                    INSERT INTO run (job, number, attempt, counts, node, started_at, ended_at, outcome, error_kind,
                                     error_message)
                    VALUES (:job, :number, :attempt, :counts, :node, :started_at, :ended_at, :outcome, :error_kind,
                            :error_message)
                    """, Comparator.comparing(Exit::job))
            .id("job", Exit::job)
            .number("number", exit -> exit.run().number())
            .number("attempt", exit -> exit.run().attempt())
            .flag("counts", exit -> exit.ending().counts())
            .text("node", exit -> exit.run().node())
            .time("started_at", exit -> exit.run().startedAt())
            .time("ended_at", Exit::now)
            .text("outcome", exit -> exit.ending().outcome())
            .text("error_kind", exit -> exit.ending().errorKind())
            .text("error_message", exit -> exit.ending().errorMessage())
            .build();

    /** How many runs of a job its ledger keeps: the latest. A job that is postponed again and again may have any number. */
    private static final int LONGEST_LEDGER = 1000;

    private static final String FORGET = """
            DELETE FROM run WHERE job = ? AND number <= ?
            """;

    private static final GroupStatement<Exit> ADD_RESULT = GroupStatement.insert("""
                    INSERT INTO job_result (job, result) VALUES (:job, :result)
                    """, Comparator.comparing(Exit::job))
            .id("job", Exit::job)
            .text("result", exit -> exit.ending().result())
            .build();

    private ExitTable() {}

    /** A run's progress: percent, and a message, which may be null. */
    public record Progress(int percent, String message) {}

    /**
     * The exit of one job.
     *
     * @param from the state that it must be in
     * @param fence the fence that it must have
     * @param run the run that it is leaving; null unless it is RUNNING
     * @param progress the run's last progress; null: what is stored is kept
     */
    public record Exit(UUID job, JobState from, long fence, RunRef run, Ending ending, Progress progress, Instant now) {

        /**
         * The row's next state; a job that is to be queued again is WAITING, and due, until the same transaction queues
         * it.
         */
        public JobState to() {
            JobState next = Transitions.next(job, from, ending.event());
            return next == JobState.QUEUED ? JobState.WAITING : next;
        }

        private Integer resultSize() {
            return ending.result() == null ? null : ending.result().length();
        }
    }

    /**
     * Moves each job to the state that its ending specifies, and adds the run's entry to the ledger, unless the run
     * succeeded: no other run of that job follows, and its row contains everything that the entry would
     * ({@link RunEntry#ofSuccess}).
     *
     * @return for each job, whether it was as the exit states; if not, nothing was changed for it
     */
    public static boolean[] leave(Tx tx, List<Exit> exits) {
        boolean[] won = EXIT.run(tx, exits);
        List<Exit> entries = new ArrayList<>();
        List<Exit> results = new ArrayList<>();
        for (int i = 0; i < won.length; i++) {
            Exit exit = exits.get(i);
            if (won[i] && exit.run() != null && exit.ending().event() != JobEvent.SUCCEED) {
                entries.add(exit);
            }
            if (won[i] && exit.ending().result() != null) {
                results.add(exit);
            }
        }
        ADD_TO_LEDGER.run(tx, entries);
        for (Exit entry : entries) {
            if (entry.run().number() > LONGEST_LEDGER) {
                tx.update(FORGET, entry.job(), entry.run().number() - LONGEST_LEDGER);
            }
        }
        ADD_RESULT.run(tx, results);
        return won;
    }
}
