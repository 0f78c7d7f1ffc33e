package azukari.dispatch;

import azukari.catalog.Catalog;
import azukari.database.Database;
import azukari.database.Tx;
import azukari.job.Job;
import azukari.job.JobOrder;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.outbox.Envelope;
import azukari.outbox.Outbox;
import azukari.outbox.Outbox.Pending;
import azukari.outbox.Relay;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import azukari.watch.JobChanges;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Sets WAITING jobs going when their time has come, by the index on the due time (rule 9). Every node does; each skips what
 * another holds. It also ends jobs that have outlived {@code expireAfter}.
 */
@Service
public class DueJobs {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_AT_ONCE = 200;

    private final Database database;
    private final Threads threads;
    private final Relay relay;
    private final Catalog catalog;
    private final Verdicts verdicts;
    private final JobChanges changes;
    private final Clock clock;
    private volatile Loop loop;

    @Inject
    public DueJobs(
            Database database,
            Threads threads,
            Relay relay,
            Catalog catalog,
            Verdicts verdicts,
            JobChanges changes,
            Clock clock) {
        this.database = database;
        this.threads = threads;
        this.relay = relay;
        this.catalog = catalog;
        this.verdicts = verdicts;
        this.changes = changes;
        this.clock = clock;
    }

    public void start() {
        loop = threads.loopUntil("due-jobs", PAUSE, this::pass);
    }

    /** Says that a job was postponed, perhaps to a time before the next pass. */
    public void wake() {
        Loop running = loop;
        if (running != null) {
            running.wake();
        }
    }

    /** Sets everything going that is due; returns how long it is until the next one is. */
    Duration pass() {
        int found;
        do {
            List<Pending> pending = new ArrayList<>();
            List<UUID> gone = new ArrayList<>();
            found = database.inTransaction(tx -> {
                Instant now = clock.instant();
                List<Job> due = JobTable.lockDue(tx, now, MOST_AT_ONCE);
                for (Job job : due) {
                    pending.addAll(setGoing(tx, job, now));
                    gone.add(job.id());
                }
                return due.size();
            });
            relay.offer(pending);
            gone.forEach(changes::committed);
        } while (found == MOST_AT_ONCE);
        return database.inTransaction(JobTable::nextDue)
                .map(next -> Duration.between(clock.instant(), next))
                .orElse(PAUSE);
    }

    private List<Pending> setGoing(Tx tx, Job job, Instant now) {
        if (!now.isBefore(job.expiresAt())) {
            return expire(tx, Envelope.of(job, job.fence()), JobState.WAITING, now);
        }
        return JobTable.queueDue(tx, job) ? List.of(Outbox.add(tx, Envelope.of(job, job.fence() + 1), now)) : List.of();
    }

    /** Ends a QUEUED job whose message came too late. */
    void expire(Envelope event) {
        List<Pending> pending = database.inTransaction(tx -> expire(tx, event, JobState.QUEUED, clock.instant()));
        relay.offer(pending);
        changes.committed(event.job());
    }

    private List<Pending> expire(Tx tx, Envelope event, JobState from, Instant now) {
        if (!JobTable.expire(tx, event.job(), from, event.fence(), now)) {
            return List.of();
        }
        RunMeters.of(event.code()).jobEnded(JobState.FAILED);
        List<JobOrder> follows = verdicts.expired(catalog.find(event.code()).orElse(null), event);
        return FollowUps.store(tx, follows, now);
    }

    public void stop() {
        if (loop != null) {
            loop.close();
        }
    }
}
