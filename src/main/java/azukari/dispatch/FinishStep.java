package azukari.dispatch;

import azukari.intake.Insertion;
import azukari.job.Job;
import azukari.job.JobEvent;
import azukari.job.JobRequests;
import azukari.job.JobTable;
import azukari.job.RunRef;
import azukari.notify.Notifications;
import azukari.outbox.Envelope;
import azukari.outbox.Outbox;
import azukari.outbox.Outbox.Pending;
import azukari.platform.Step;
import azukari.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Finish: the one way out of RUNNING. The conditional update by state, fence and owner comes first; everything that follows
 * from the end stands in the same transaction and depends on it.
 */
final class FinishStep implements Step<FinishStep.Finish, FinishStep.Finished> {

    /**
     * @param event the message that the run came with
     * @param progress the run's last word, if it is not stored yet; else null
     * @param now the time of the end
     */
    record Finish(RunRef run, Envelope event, Verdict verdict, ProgressNotes.Note progress, Instant now) {}

    /**
     * @param won false when the run was not its owner's any more; then nothing was changed
     * @param pending messages to relay
     */
    record Finished(boolean won, List<Pending> pending) {}

    @Override
    public List<Finished> run(Tx tx, List<Finish> finishes) {
        return finishes.stream().map(finish -> finish(tx, finish)).toList();
    }

    private static Finished finish(Tx tx, Finish finish) {
        Verdict verdict = finish.verdict();
        if (finish.progress() != null) {
            JobTable.progress(
                    tx,
                    finish.run().job(),
                    finish.run().fence(),
                    finish.progress().percent(),
                    finish.progress().message());
        }
        if (!JobTable.endRun(tx, finish.run(), verdict.ending(), finish.now())) {
            return new Finished(false, List.of());
        }
        List<Pending> pending = new ArrayList<>(follow(tx, finish));
        Notifications.add(
                tx, verdict.notices(), finish.run().job(), finish.event().generation(), finish.now());
        boolean cutOff = verdict.ending().event() == JobEvent.INTERRUPT;
        if (cutOff || verdict.ending().event() == JobEvent.POSTPONE) {
            boolean cancelling = JobRequests.hastenCancelled(tx, finish.run().job(), finish.now());
            if (cutOff) {
                pending.add(Outbox.add(tx, again(finish, cancelling), finish.now()));
            }
        }
        return new Finished(true, pending);
    }

    private static List<Pending> follow(Tx tx, Finish finish) {
        if (finish.verdict().follows().isEmpty()) {
            return List.of();
        }
        List<Job> jobs = finish.verdict().follows().stream()
                .map(order -> Job.accepted(order, finish.now()))
                .toList();
        return Insertion.insert(tx, jobs, finish.now()).stream()
                .map(Insertion.Inserted::pending)
                .filter(Objects::nonNull)
                .toList();
    }

    private static Envelope again(Finish finish, boolean cancelling) {
        RunRef run = finish.run();
        return finish.event()
                .again(
                        run.fence() + 1,
                        run.number(),
                        run.attempt() - 1,
                        finish.verdict().ending().doubtful(),
                        cancelling);
    }
}
