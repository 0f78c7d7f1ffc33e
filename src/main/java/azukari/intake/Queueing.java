package azukari.intake;

import azukari.database.Tx;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.job.JobOrder;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.JobTable.Entry;
import azukari.job.JobTable.Payload;
import azukari.job.NewJob;
import azukari.job.Standing;
import azukari.job.Ticket;
import azukari.job.Waiting;
import azukari.limit.Permits;
import azukari.limit.Permits.Entered;
import azukari.limit.Permits.Needy;
import azukari.limit.Rooms;
import azukari.limit.Rooms.Look;
import azukari.outbox.Envelope;
import azukari.outbox.Outbox;
import azukari.outbox.Outbox.Pending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The only way into QUEUED, whatever the cause: an accepted or emitted event, a due time, an operator's retry, a
 * rescue, a lost message. In the caller's transaction it writes the job's row, its fence and its outbox row. Anything
 * that a job must acquire before it may be put on the wire is acquired here, and nowhere else.
 */
public final class Queueing {
    /** How many characters of bodies are read for messages at a time; the sweepers send the rest. */
    private static final long MOST_CHARACTERS = 2L * 1024 * 1024;

    private Queueing() {}

    /**
     * What became of a new job.
     *
     * @param stored false if its {@code requestId} or its place of emission was taken; then nothing was stored for it
     * @param message null if it was not stored, or is WAITING
     * @param capacity the capacity that it waits for; null for none
     */
    public record Stored(NewJob job, boolean stored, Pending message, UUID capacity) {}

    /** Stores new jobs, and puts those that are to run at once on the wire; the results are in the jobs' order. */
    public static List<Stored> store(Tx tx, List<NewJob> jobs) {
        if (jobs.isEmpty()) {
            return List.of();
        }
        boolean[] stored = JobTable.insertIfAbsent(tx, jobs);
        List<Envelope> messages = new ArrayList<>(jobs.size());
        List<Needy> limited = new ArrayList<>();
        for (int i = 0; i < stored.length; i++) {
            if (stored[i] && jobs.get(i).limited()) {
                limited.add(needy(jobs.get(i)));
            }
            if (stored[i] && jobs.get(i).state() == JobState.QUEUED) {
                messages.add(first(jobs.get(i)));
            }
        }
        Instant now = jobs.get(jobs.size() - 1).now();
        Permits.add(tx, limited, now);
        Iterator<Pending> pending = Outbox.addAll(tx, messages, now).iterator();
        List<Stored> answers = new ArrayList<>(jobs.size());
        for (int i = 0; i < stored.length; i++) {
            boolean sent = stored[i] && jobs.get(i).state() == JobState.QUEUED;
            UUID capacity =
                    stored[i] && jobs.get(i).enters() ? needy(jobs.get(i)).first() : null;
            answers.add(new Stored(jobs.get(i), stored[i], sent ? pending.next() : null, capacity));
        }
        return answers;
    }

    private static Needy needy(NewJob job) {
        JobOrder order = job.order();
        return new Needy(order.id(), order.needs(), order.priority(), order.submitter(), job.enters());
    }

    private static Envelope first(NewJob job) {
        return Envelope.of(
                job.event(),
                job.ticket(),
                new Payload(job.order().body(), job.order().extensions()));
    }

    /**
     * What became of jobs that are to run.
     *
     * @param messages the messages to relay, by job; jobs that are not included are left to the sweepers, or wait
     * @param capacities the capacities that are to be looked at after the commit
     */
    public record Queued(Map<UUID, Pending> messages, Set<UUID> capacities) {
        public static final Queued NOTHING = new Queued(Map.of(), Set.of());

        /** What is to be done after the commit. */
        public Effects effects() {
            return Effects.sent(messages.values()).and(Effects.ofCapacities(capacities));
        }
    }

    /**
     * Puts on the wire jobs whose rows this transaction has locked in WAITING; those that are limited wait for their limits.
     *
     * @param jobs as they are in this transaction; those that are limited hold no channel
     */
    public static Queued queue(Tx tx, List<Standing> jobs, Instant now) {
        List<UUID> limited = jobs.stream()
                .filter(job -> job.event().limited())
                .map(Standing::job)
                .toList();
        if (limited.isEmpty()) {
            return new Queued(put(tx, jobs, now), Set.of());
        }
        Entered entered = Permits.enter(tx, limited);
        JobTable.enter(tx, entries(entered.locks(), Waiting.LOCK));
        JobTable.enter(tx, entries(entered.channels(), Waiting.CHANNEL));
        List<Standing> free = jobs.stream()
                .filter(job -> !job.event().limited() || entered.ready().contains(job.job()))
                .toList();
        return new Queued(put(tx, free, now), entered.capacities());
    }

    private static List<Entry> entries(List<UUID> jobs, Waiting waitingFor) {
        return jobs.stream().map(job -> new Entry(job, waitingFor)).toList();
    }

    /**
     * Looks for room in capacities, and puts the jobs that get all they need on the wire.
     *
     * @return what is to be done after the commit, and the capacities that are to be looked at next, all of them together
     */
    public static Done<Set<UUID>> admit(Tx tx, Collection<UUID> capacities, Instant now) {
        Look look = Rooms.look(tx, capacities, jobs -> Set.copyOf(JobTable.lockWaiting(tx, jobs)));
        JobTable.enter(tx, entries(look.proceeded(), Waiting.CHANNEL));
        List<UUID> admitted = List.copyOf(look.admitted().keySet());
        List<Pending> messages = put(tx, Standing.read(tx, admitted), now).values().stream()
                .map(message ->
                        message.callAt(look.admitted().get(message.envelope().job())))
                .toList();
        return new Done<>(look.further(), Effects.sent(messages).and(Effects.changed(admitted)));
    }

    /**
     * Puts on the wire jobs that have all they need.
     *
     * @return the messages to relay, by job; jobs that are not included are left to the sweepers
     */
    public static Map<UUID, Pending> put(Tx tx, List<Standing> jobs, Instant now) {
        if (jobs.isEmpty()) {
            return Map.of();
        }
        boolean[] queued = JobTable.queue(tx, jobs, now);
        Map<UUID, Standing> wanted = new HashMap<>();
        for (int i = 0; i < queued.length; i++) {
            if (!queued[i]) {
                throw new IllegalStateException("job " + jobs.get(i).job() + " changed although its row was locked");
            }
            wanted.put(jobs.get(i).job(), jobs.get(i));
        }
        List<UUID> ids = jobs.stream().map(Standing::job).toList();
        Map<UUID, Payload> payloads = JobTable.payloads(tx, ids, MOST_CHARACTERS);
        List<Envelope> messages = payloads.entrySet().stream()
                .map(entry -> Envelope.of(
                        wanted.get(entry.getKey()).event(),
                        queued(wanted.get(entry.getKey()).ticket()),
                        entry.getValue()))
                .toList();
        Outbox.addForSweepers(
                tx,
                jobs.stream()
                        .filter(job -> !payloads.containsKey(job.job()))
                        .map(job -> new JobTable.Queued(job.job(), job.ticket().fence() + 1))
                        .toList());
        Map<UUID, Pending> pending = new HashMap<>();
        Outbox.addAll(tx, messages, now)
                .forEach(message -> pending.put(message.envelope().job(), message));
        return pending;
    }

    /** What the message states: the row's fence has just increased. */
    private static Ticket queued(Ticket waiting) {
        return new Ticket(
                waiting.fence() + 1,
                waiting.run(),
                waiting.attempt(),
                waiting.generation(),
                waiting.doubtful(),
                waiting.suspect(),
                waiting.cancelling(),
                waiting.expiresAt());
    }
}
