package azukari.intake;

import azukari.database.Tx;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.JobTable.Payload;
import azukari.job.JobTable.Queued;
import azukari.job.NewJob;
import azukari.job.Standing;
import azukari.job.Ticket;
import azukari.outbox.Envelope;
import azukari.outbox.Outbox;
import azukari.outbox.Outbox.Pending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
     */
    public record Stored(NewJob job, boolean stored, Pending message) {}

    /** Stores new jobs, and puts those that are to run at once on the wire; the results are in the jobs' order. */
    public static List<Stored> store(Tx tx, List<NewJob> jobs) {
        if (jobs.isEmpty()) {
            return List.of();
        }
        boolean[] stored = JobTable.insertIfAbsent(tx, jobs);
        List<Envelope> messages = new ArrayList<>(jobs.size());
        for (int i = 0; i < stored.length; i++) {
            if (stored[i] && jobs.get(i).state() == JobState.QUEUED) {
                messages.add(first(jobs.get(i)));
            }
        }
        Instant now = jobs.get(jobs.size() - 1).now();
        Iterator<Pending> pending = Outbox.addAll(tx, messages, now).iterator();
        List<Stored> answers = new ArrayList<>(jobs.size());
        for (int i = 0; i < stored.length; i++) {
            boolean sent = stored[i] && jobs.get(i).state() == JobState.QUEUED;
            answers.add(new Stored(jobs.get(i), stored[i], sent ? pending.next() : null));
        }
        return answers;
    }

    private static Envelope first(NewJob job) {
        return Envelope.of(
                job.event(),
                job.ticket(),
                new Payload(job.order().body(), job.order().extensions()));
    }

    /**
     * Puts on the wire jobs whose rows this transaction has locked in WAITING.
     *
     * @param jobs as they are in this transaction
     * @return the messages to relay, by job; jobs that are not included are left to the sweepers
     */
    public static Map<UUID, Pending> queue(Tx tx, List<Standing> jobs, Instant now) {
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
                        .map(job -> new Queued(job.job(), job.ticket().fence() + 1))
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
