package azukari.dispatch;

import azukari.database.Step;
import azukari.database.Tx;
import azukari.intake.Insertion;
import azukari.intake.Insertion.Inserted;
import azukari.job.Job;
import azukari.job.JobEvent;
import azukari.job.JobRequests;
import azukari.job.RunRef;
import azukari.job.RunTable;
import azukari.job.RunTable.Progress;
import azukari.job.RunTable.RunEnd;
import azukari.notify.Notifications;
import azukari.notify.Notifications.Told;
import azukari.outbox.Envelope;
import azukari.outbox.Outbox;
import azukari.outbox.Outbox.Pending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
    record Finish(RunRef run, Envelope event, Verdict verdict, ProgressNote progress, Instant now) {}

    /**
     * @param won false when the run was not its owner's any more; then nothing was changed
     * @param pending messages to relay
     */
    record Finished(boolean won, List<Pending> pending) {}

    @Override
    public List<Finished> run(Tx tx, List<Finish> finishes) {
        boolean[] won =
                RunTable.endRuns(tx, finishes.stream().map(FinishStep::end).toList());
        List<Finish> winners = IntStream.range(0, won.length)
                .filter(i -> won[i])
                .mapToObj(finishes::get)
                .toList();
        Iterator<List<Pending>> pending = follow(tx, winners).iterator();
        return IntStream.range(0, won.length)
                .mapToObj(i -> won[i] ? new Finished(true, pending.next()) : new Finished(false, List.of()))
                .toList();
    }

    @Override
    public long size(Finish finish) {
        String result = finish.verdict().ending().result();
        long follows = finish.verdict().follows().stream()
                .mapToLong(order -> order.body().length())
                .sum();
        return follows + (result == null ? 0 : result.length());
    }

    private static RunEnd end(Finish finish) {
        ProgressNote note = finish.progress();
        return new RunEnd(
                finish.run(),
                finish.verdict().ending(),
                note == null ? null : new Progress(note.percent(), note.message()),
                finish.now());
    }

    /** All that follows from runs that were ended; the answers are the messages to relay, in the runs' order. */
    private static List<List<Pending>> follow(Tx tx, List<Finish> winners) {
        if (winners.isEmpty()) {
            return List.of();
        }
        Instant now = winners.get(winners.size() - 1).now();
        Notifications.add(tx, winners.stream().map(FinishStep::told).toList());
        List<Job> jobs = winners.stream().flatMap(FinishStep::emitted).toList();
        Iterator<Inserted> inserted = Insertion.insert(tx, jobs, now).iterator();
        Set<UUID> cancelled = hastenCancelled(tx, winners, now);
        List<Envelope> again = winners.stream()
                .filter(FinishStep::isCutOff)
                .map(finish -> again(finish, cancelled.contains(finish.run().job())))
                .toList();
        Iterator<Pending> repeated = Outbox.addAll(tx, again, now).iterator();
        return winners.stream()
                .map(finish -> messages(finish, inserted, repeated))
                .toList();
    }

    private static List<Pending> messages(Finish finish, Iterator<Inserted> inserted, Iterator<Pending> repeated) {
        List<Pending> messages = new ArrayList<>();
        for (int i = 0; i < finish.verdict().follows().size(); i++) {
            Pending pending = inserted.next().pending();
            if (pending != null) {
                messages.add(pending);
            }
        }
        if (isCutOff(finish)) {
            messages.add(repeated.next());
        }
        return messages;
    }

    private static Stream<Job> emitted(Finish finish) {
        return finish.verdict().follows().stream().map(order -> Job.accepted(order, finish.now()));
    }

    private static Told told(Finish finish) {
        return new Told(
                finish.verdict().notices(), finish.run().job(), finish.event().generation(), finish.now());
    }

    private static boolean isCutOff(Finish finish) {
        return finish.verdict().ending().event() == JobEvent.INTERRUPT;
    }

    /** Jobs that go on although they were asked to end: they are to end at once, not when they would have been due. */
    private static Set<UUID> hastenCancelled(Tx tx, List<Finish> winners, Instant now) {
        List<UUID> goingOn = winners.stream()
                .filter(finish -> isCutOff(finish) || finish.verdict().ending().event() == JobEvent.POSTPONE)
                .map(finish -> finish.run().job())
                .toList();
        return JobRequests.hastenCancelled(tx, goingOn, now);
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
