package azukari.intake;

import azukari.database.Tx;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.outbox.Envelope;
import azukari.outbox.Outbox;
import azukari.outbox.Outbox.Pending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Stores new jobs, and the outbox rows of those that run at once, in a transaction of the caller's. */
public final class Insertion {
    private Insertion() {}

    /**
     * What became of one new job.
     *
     * @param stored false when its {@code requestId} or its place of emission was taken; then nothing was stored for it
     * @param pending its message; null when it was not stored, or is WAITING
     */
    public record Inserted(Job job, boolean stored, Pending pending) {}

    /** Stores the jobs; the answers are in the jobs' order. */
    public static List<Inserted> insert(Tx tx, List<Job> jobs, Instant now) {
        int[] counts = JobTable.insertIfAbsent(tx, jobs);
        List<Envelope> messages = new ArrayList<>(jobs.size());
        for (int i = 0; i < counts.length; i++) {
            if (isSent(jobs.get(i), counts[i])) {
                messages.add(Envelope.of(jobs.get(i), jobs.get(i).fence()));
            }
        }
        Iterator<Pending> pending = Outbox.addAll(tx, messages, now).iterator();
        List<Inserted> inserted = new ArrayList<>(jobs.size());
        for (int i = 0; i < counts.length; i++) {
            Job job = jobs.get(i);
            inserted.add(new Inserted(job, counts[i] == 1, isSent(job, counts[i]) ? pending.next() : null));
        }
        return inserted;
    }

    private static boolean isSent(Job job, int stored) {
        return stored == 1 && job.state() == JobState.QUEUED;
    }
}
