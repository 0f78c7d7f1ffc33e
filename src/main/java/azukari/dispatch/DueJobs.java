package azukari.dispatch;

import azukari.database.Database;
import azukari.database.SetAside;
import azukari.database.Tx;
import azukari.effect.Committer;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.intake.Queueing;
import azukari.job.JobTable;
import azukari.job.Standing;
import azukari.job.Waiting;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
    private final Cancellation cancellation;
    private final Clock clock;
    private final SetAside<UUID> notQueued = new SetAside<>("queueing a job that is due");
    private final SetAside<UUID> notExpired = new SetAside<>("ending a job that has expired");
    private volatile Loop loop;

    @Inject
    public DueJobs(
            Database database,
            Threads threads,
            Committer committer,
            Exits exits,
            Verdicts verdicts,
            Cancellation cancellation,
            Clock clock) {
        this.database = database;
        this.threads = threads;
        this.committer = committer;
        this.exits = exits;
        this.verdicts = verdicts;
        this.cancellation = cancellation;
        this.clock = clock;
    }

    public void start() {
        loop = threads.loopUntil("due-jobs", PAUSE, this::pass);
        committer.onPostponed(loop::wake);
    }

    /**
     * Queues everything that is due, and ends what has expired; returns the time until the next job is due. A job that is
     * overdue even so is locked by somebody else, and is looked at again a little later, or is set aside.
     */
    Duration pass() {
        doAll(new Kind(notQueued, JobTable::lockDue, JobTable::lockDue, this::queue));
        doAll(new Kind(notExpired, JobTable::lockExpired, JobTable::lockExpired, this::expireQueued));
        Duration pauseWhenOverdue = notQueued.count() == 0 ? PAUSE_FOR_A_LOCK : PAUSE;
        Instant looked = clock.instant();
        return database.inTransaction(JobTable::nextDue)
                .map(next -> next.isAfter(looked) ? Duration.between(looked, next) : pauseWhenOverdue)
                .orElse(PAUSE);
    }

    /** What is to be done with jobs of one kind, once they are locked. */
    private record Kind(SetAside<UUID> aside, Find find, Lock lock, Deed deed) {}

    /** Locks jobs of a kind, whichever they are. */
    @FunctionalInterface
    private interface Find {
        List<UUID> lock(Tx tx, Instant now, int limit);
    }

    /** Locks those of these jobs that still are of the kind. */
    @FunctionalInterface
    private interface Lock {
        List<UUID> lock(Tx tx, Instant now, List<UUID> of);
    }

    @FunctionalInterface
    private interface Deed {
        Effects of(Tx tx, List<UUID> locked, Instant now);
    }

    private void doAll(Kind kind) {
        int found;
        do {
            found = doSome(kind);
        } while (Loop.mayGoOn() && found >= MOST_AT_ONCE);
    }

    private int doSome(Kind kind) {
        List<UUID> found = new ArrayList<>();
        int limit = MOST_AT_ONCE + kind.aside().count();
        try {
            committer.commit(tx -> {
                found.clear();
                Instant now = clock.instant();
                found.addAll(kind.aside().without(kind.find().lock(tx, now, limit)));
                return new Done<>(null, kind.deed().of(tx, found, now));
            });
        } catch (RuntimeException | StackOverflowError e) {
            if (found.isEmpty() || !SetAside.isForARow(e)) {
                throw e;
            }
            kind.aside()
                    .each(
                            found,
                            some -> committer.commit(tx -> {
                                Instant now = clock.instant();
                                return new Done<>(
                                        null, kind.deed().of(tx, kind.lock().lock(tx, now, some), now));
                            }));
        }
        return found.size();
    }

    private Effects queue(Tx tx, List<UUID> due, Instant now) {
        Map<Boolean, List<Standing>> expired = Standing.read(tx, due).stream()
                .collect(Collectors.partitioningBy(
                        job -> !now.isBefore(job.ticket().expiresAt())));
        Effects effects = expire(tx, expired.get(true), now);
        List<Standing> ready = expired.get(false).stream()
                .filter(job -> job.waitingFor() != Waiting.CHILDREN)
                .toList();
        for (Standing job : expired.get(false)) {
            if (job.waitingFor() == Waiting.CHILDREN) { // Only one that is to be cancelled is due before it expires.
                effects = effects.and(cancellation.cancelChildren(tx, job.job(), now));
            }
        }
        return effects.and(Queueing.queue(tx, ready, now).effects())
                .and(Effects.changed(ready.stream().map(Standing::job).toList()));
    }

    private Effects expireQueued(Tx tx, List<UUID> expired, Instant now) {
        return expire(tx, Standing.read(tx, expired), now);
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
