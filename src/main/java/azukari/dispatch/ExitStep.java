package azukari.dispatch;

import azukari.database.Step;
import azukari.database.Tx;
import azukari.effect.Count;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.intake.Queueing;
import azukari.intake.Queueing.Queued;
import azukari.intake.Queueing.Stored;
import azukari.job.Ending;
import azukari.job.Event;
import azukari.job.ExitTable;
import azukari.job.FamilyTable;
import azukari.job.FamilyTable.Ended;
import azukari.job.FamilyTable.FanOut;
import azukari.job.JobEvent;
import azukari.job.JobRequests;
import azukari.job.JobState;
import azukari.job.NewJob;
import azukari.job.Standing;
import azukari.job.Transitions;
import azukari.limit.Permits;
import azukari.limit.Throttle;
import azukari.notify.Notifications;
import azukari.notify.Notifications.Told;
import azukari.outbox.Outbox.Pending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The only way out of QUEUED and RUNNING, and from WAITING to an end: a finish, an expiry, a cancellation, a suspect
 * that stands aside, a rescue, a lost message. The conditional update by state, fence and owner comes first; everything
 * that follows from it is in the same transaction and depends on it. What a job held is released here, and nowhere
 * else.
 *
 * <p>A unit is what one caller wants committed together: one job, or the runs of a pack.
 */
final class ExitStep implements Step<List<Leaving>, Done<List<Boolean>>> {

    /** A job whose message is only sent again keeps what it holds, and one whose children are its work keeps its place. */
    private static final Set<JobEvent> KEEPS = EnumSet.of(JobEvent.RESEND, JobEvent.FAN_OUT);

    /** After these a job is WAITING, until a time. */
    private static final Set<JobEvent> GOING_ON = EnumSet.of(JobEvent.POSTPONE, JobEvent.FAN_OUT);

    @Override
    public List<Done<List<Boolean>>> run(Tx tx, List<List<Leaving>> units) {
        List<Leaving> all = units.stream().flatMap(List::stream).toList();
        Iterator<Done<Boolean>> left = leave(tx, all).iterator();
        List<Done<List<Boolean>>> answers = new ArrayList<>(units.size());
        for (List<Leaving> unit : units) {
            List<Boolean> won = new ArrayList<>(unit.size());
            Effects effects = Effects.none();
            for (int i = 0; i < unit.size(); i++) {
                Done<Boolean> one = left.next();
                won.add(one.value());
                effects = effects.and(one.effects());
            }
            answers.add(new Done<>(won, effects));
        }
        return answers;
    }

    @Override
    public long size(List<Leaving> unit) {
        return unit.stream().mapToLong(ExitStep::size).sum();
    }

    private static long size(Leaving leaving) {
        String result = leaving.verdict().ending().result();
        long follows = leaving.verdict().follows().stream()
                .mapToLong(order -> order.body().length())
                .sum();
        return follows + (result == null ? 0 : result.length());
    }

    /**
     * Moves jobs out of their states, in the caller's transaction; returns for each whether it was as the caller knew
     * it.
     */
    static List<Done<Boolean>> leave(Tx tx, List<Leaving> all) {
        FamilyTable.fanOut(
                tx,
                all.stream()
                        .filter(leaving -> leaving.verdict().ending().event() == JobEvent.FAN_OUT)
                        .map(leaving -> new FanOut(
                                leaving.job().id(),
                                leaving.exit().fence(),
                                leaving.verdict().follows().size()))
                        .toList());
        boolean[] won = ExitTable.leave(tx, all.stream().map(Leaving::exit).toList());
        List<Leaving> winners = new ArrayList<>(all.size());
        for (int i = 0; i < won.length; i++) {
            if (won[i]) {
                winners.add(all.get(i));
            }
        }
        Notifications.add(tx, winners.stream().map(ExitStep::told).toList());
        Iterator<Stored> emitted = emit(tx, winners).iterator();
        hastenCancelled(tx, winners);
        tellParents(tx, winners);
        Set<UUID> withoutChannel = throttle(tx, winners);
        Set<UUID> released = release(tx, winners);
        Queued again = queueAgain(tx, winners, withoutChannel);
        List<Done<Boolean>> answers = new ArrayList<>(all.size());
        for (int i = 0; i < won.length; i++) {
            answers.add(
                    won[i]
                            ? new Done<>(true, effects(all.get(i), emitted, again.messages(), withoutChannel))
                            : Done.of(false));
        }
        return withCapacities(answers, again.capacities(), released);
    }

    private static List<Stored> emit(Tx tx, List<Leaving> winners) {
        return Queueing.store(
                tx,
                winners.stream()
                        .flatMap(leaving ->
                                leaving.verdict().follows().stream().map(order -> new NewJob(order, leaving.now())))
                        .toList());
    }

    /** Makes jobs that are postponed despite a request to cancel them due at once instead of at their regular time. */
    private static void hastenCancelled(Tx tx, List<Leaving> winners) {
        List<UUID> postponed = winners.stream()
                .filter(leaving -> GOING_ON.contains(leaving.verdict().ending().event()))
                .map(leaving -> leaving.job().id())
                .toList();
        if (!postponed.isEmpty()) {
            JobRequests.hastenCancelled(tx, postponed, winners.get(0).now());
        }
    }

    /** What has ended is to be counted with its parent; an UNCERTAIN job was counted before it was resolved. */
    private static void tellParents(Tx tx, List<Leaving> winners) {
        List<Ended> ended = new ArrayList<>();
        for (Leaving leaving : winners) {
            Event event = leaving.job().event();
            JobState to = leaving.exit().to();
            if (event.child() && to.ended()) {
                if (leaving.exit().from().ended()) {
                    FamilyTable.takeBack(tx, event.parent(), event.job());
                }
                ended.add(new Ended(event.job(), event.parent(), to == JobState.SUCCEEDED));
            }
        }
        FamilyTable.add(tx, ended);
    }

    /** Slows down what they went through, while they still hold it; the jobs that went through no channel. */
    private static Set<UUID> throttle(Tx tx, List<Leaving> winners) {
        Map<UUID, Throttle> throttled = new HashMap<>();
        for (Leaving leaving : winners) {
            if (leaving.verdict().throttle() != null) {
                throttled.put(leaving.job().id(), leaving.verdict().throttle());
            }
        }
        return Throttle.apply(tx, throttled);
    }

    /** What they held; a lock is kept until its job has ended. */
    private static Set<UUID> release(Tx tx, List<Leaving> winners) {
        List<UUID> ended = new ArrayList<>();
        List<UUID> going = new ArrayList<>();
        for (Leaving leaving : winners) {
            if (leaving.job().event().limited()
                    && !KEEPS.contains(leaving.verdict().ending().event())) {
                JobState to = leaving.exit().to();
                (to.ended() && to != JobState.UNCERTAIN ? ended : going)
                        .add(leaving.job().id());
            }
        }
        if (ended.isEmpty() && going.isEmpty()) {
            return Set.of();
        }
        Set<UUID> released = new HashSet<>(Permits.release(tx, ended));
        released.addAll(Permits.giveBack(tx, going));
        return released;
    }

    /** All capacities are to be looked at together, whichever of the jobs they concern. */
    private static List<Done<Boolean>> withCapacities(List<Done<Boolean>> answers, Set<UUID> some, Set<UUID> others) {
        Effects effects = Effects.ofCapacities(some).and(Effects.ofCapacities(others));
        if (!answers.isEmpty() && !effects.capacities().isEmpty()) {
            Done<Boolean> first = answers.get(0);
            answers.set(0, new Done<>(first.value(), first.effects().and(effects)));
        }
        return answers;
    }

    /** @param withoutChannel jobs that no channel keeps from being called again at once: they wait for their time */
    private static Queued queueAgain(Tx tx, List<Leaving> winners, Set<UUID> withoutChannel) {
        List<UUID> resent = new ArrayList<>();
        List<UUID> again = new ArrayList<>();
        List<UUID> later = new ArrayList<>();
        for (Leaving leaving : winners) {
            if (leaving.verdict().ending().queuesAgain()) {
                UUID job = leaving.job().id();
                boolean holds = leaving.verdict().ending().event() == JobEvent.RESEND;
                List<UUID> atOnce = holds ? resent : again;
                (withoutChannel.contains(job) ? later : atOnce).add(job);
            }
        }
        if (!later.isEmpty()) {
            JobRequests.hastenCancelled(tx, later, winners.get(0).now());
        }
        if (resent.isEmpty() && again.isEmpty()) {
            return Queued.NOTHING;
        }
        Instant now = winners.get(0).now();
        Map<UUID, Pending> messages = new HashMap<>(Queueing.put(tx, Standing.read(tx, resent), now));
        Queued queued = Queueing.queue(tx, Standing.read(tx, again), now);
        messages.putAll(queued.messages());
        return new Queued(messages, queued.capacities());
    }

    private static Told told(Leaving leaving) {
        return new Told(
                leaving.verdict().notices(),
                leaving.job().id(),
                leaving.job().ticket().generation(),
                leaving.now());
    }

    private static Effects effects(
            Leaving leaving, Iterator<Stored> emitted, Map<UUID, Pending> again, Set<UUID> later) {
        Ending ending = leaving.verdict().ending();
        List<Pending> messages = new ArrayList<>();
        Set<UUID> emittedCapacities = new HashSet<>();
        for (int i = 0; i < leaving.verdict().follows().size(); i++) {
            Stored follower = emitted.next();
            if (follower.message() != null) {
                messages.add(follower.message());
            }
            if (follower.capacity() != null) {
                emittedCapacities.add(follower.capacity());
            }
        }
        Pending repeated = again.get(leaving.job().id());
        if (repeated != null) {
            messages.add(repeated);
        }
        return new Effects(
                messages,
                List.of(leaving.job().id()),
                counts(leaving, ending),
                !leaving.verdict().notices().isEmpty(),
                ending.dueAt() != null
                        && (!ending.queuesAgain()
                                || later.contains(leaving.job().id())),
                emittedCapacities,
                leaving.job().event().child() && leaving.exit().to().ended());
    }

    private static List<Count> counts(Leaving leaving, Ending ending) {
        String code = leaving.job().code();
        List<Count> counts = new ArrayList<>(2);
        if (leaving.run() != null) {
            counts.add(Count.runEnded(code, ending.outcome()));
        }
        JobState from = leaving.run() == null ? leaving.job().job().state() : JobState.RUNNING;
        JobState to = Transitions.next(leaving.job().id(), from, ending.event());
        if (to.ended()) {
            counts.add(Count.jobEnded(code, to));
        }
        if (ending.event() == JobEvent.RESEND) {
            counts.add(Count.resent(code));
        }
        return counts;
    }
}
