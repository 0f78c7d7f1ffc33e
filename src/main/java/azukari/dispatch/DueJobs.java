package azukari.dispatch;

import azukari.database.Database;
import azukari.database.Tx;
import azukari.effect.Committer;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.intake.Queueing;
import azukari.job.JobTable;
import azukari.job.Standing;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Queues WAITING jobs when their time has come, by the index on the due time (rule 9), and ends jobs that have outlived
 * {@code expireAfter}, whether WAITING or QUEUED. Every node does this; each skips the rows that another has locked.
 */
@Service
public class DueJobs {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PAUSE_FOR_A_LOCK = Duration.ofMillis(50);
    private static final int MOST_AT_ONCE = 200;

    private final Database database;
    private final Threads threads;
    private final Committer committer;
    private final Exits exits;
    private final Verdicts verdicts;
    private final Clock clock;
    private volatile Loop loop;

    @Inject
    public DueJobs(
            Database database, Threads threads, Committer committer, Exits exits, Verdicts verdicts, Clock clock) {
        this.database = database;
        this.threads = threads;
        this.committer = committer;
        this.exits = exits;
        this.verdicts = verdicts;
        this.clock = clock;
    }

    public void start() {
        loop = threads.loopUntil("due-jobs", PAUSE, this::pass);
        committer.onPostponed(loop::wake);
    }

    /**
     * Queues everything that is due, and ends what has expired; returns the time until the next job is due. A job that is
     * overdue even so is locked by somebody else, and is looked at again a little later.
     */
    Duration pass() {
        doAll(this::queueDue);
        doAll(this::expireQueued);
        Instant looked = clock.instant();
        return database.inTransaction(JobTable::nextDue)
                .map(next -> next.isAfter(looked) ? Duration.between(looked, next) : PAUSE_FOR_A_LOCK)
                .orElse(PAUSE);
    }

    private void doAll(BiFunction<Tx, Instant, Done<Integer>> some) {
        int found;
        do {
            found = committer.commit(tx -> some.apply(tx, clock.instant()));
        } while (found == MOST_AT_ONCE);
    }

    private Done<Integer> queueDue(Tx tx, Instant now) {
        List<UUID> due = JobTable.lockDue(tx, now, MOST_AT_ONCE);
        Map<Boolean, List<Standing>> expired = Standing.read(tx, due).stream()
                .collect(Collectors.partitioningBy(
                        job -> !now.isBefore(job.ticket().expiresAt())));
        Effects effects = expire(tx, expired.get(true), now);
        List<Standing> ready = expired.get(false);
        return new Done<>(
                due.size(),
                effects.and(Effects.sent(Queueing.queue(tx, ready, now).values()))
                        .and(Effects.changed(ready.stream().map(Standing::job).toList())));
    }

    private Done<Integer> expireQueued(Tx tx, Instant now) {
        List<UUID> expired = JobTable.lockExpired(tx, now, MOST_AT_ONCE);
        return new Done<>(expired.size(), expire(tx, Standing.read(tx, expired), now));
    }

    private Effects expire(Tx tx, List<Standing> jobs, Instant now) {
        List<Leaving> leavings = jobs.stream()
                .map(exits::work)
                .map(job -> Leaving.unclaimed(job, verdicts.expired(job), now))
                .toList();
        return ExitStep.leave(tx, leavings).stream().map(Done::effects).reduce(Effects.none(), Effects::and);
    }

    public void stop() {
        if (loop != null) {
            loop.close();
        }
    }
}
