package azukari.recovery;

import azukari.broker.Queues;
import azukari.database.SetAside;
import azukari.database.Tx;
import azukari.dispatch.Exits;
import azukari.effect.Committer;
import azukari.effect.Done;
import azukari.job.JobTable;
import azukari.job.JobTable.Queued;
import azukari.job.JobTable.Sent;
import azukari.outbox.Outbox;
import azukari.platform.BrokerUnavailableException;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Puts jobs whose message is lost for good back on the wire: dead-lettered by the broker, purged in a console, or lost
 * with a disk (rule 21). A job counts as stranded if it has been QUEUED for long, its lane holds no message at the
 * broker, and the outbox has no row for it. Should that be wrong, the new fence makes the old message stale.
 */
@Service
public class StrandedJobs {
    private static final Logger LOG = System.getLogger(StrandedJobs.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(5);
    /** Longer than a message may take from an outbox row that was just deleted to its lane. */
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final int MOST_AT_ONCE = 500;
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final Committer committer;
    private final Exits exits;
    private final Queues queues;
    private final Threads threads;
    private final Clock clock;
    /** Where the next pass begins; the passes go through everything QUEUED, page by page. */
    private UUID after = BEFORE_ALL;

    private final SetAside<Queued> left = new SetAside<>("putting a job without a message on the wire again");
    private volatile Loop loop;

    @Inject
    public StrandedJobs(Committer committer, Exits exits, Queues queues, Threads threads, Clock clock) {
        this.committer = committer;
        this.exits = exits;
        this.queues = queues;
        this.threads = threads;
        this.clock = clock;
    }

    public void start() {
        loop = threads.loop("stranded-jobs", PAUSE, this::look);
    }

    /** Checks one page of QUEUED jobs; returns how many were put on the wire again. */
    int look() {
        Map<String, Boolean> empty = new HashMap<>();
        List<Queued> stranded = left.without(committer.commit(tx -> Done.of(stranded(tx, empty))));
        int[] resent = {0};
        left.each(stranded, some -> resent[0] += committer.commit(tx -> exits.resend(tx, some)));
        log(resent[0]);
        return resent[0];
    }

    private static void log(int resent) {
        if (resent > 0) {
            LOG.log(
                    Level.WARNING,
                    "{0} jobs were QUEUED, but the broker had no message for them: they were put on the wire again",
                    resent);
        }
    }

    /** Those of the next page; by their fences, they are put on the wire only if nobody has done so meanwhile. */
    private List<Queued> stranded(Tx tx, Map<String, Boolean> empty) {
        List<Sent> page = JobTable.queuedFrom(tx, after, MOST_AT_ONCE);
        after = page.size() < MOST_AT_ONCE
                ? BEFORE_ALL
                : page.get(page.size() - 1).job().id();
        Instant before = clock.instant().minus(LONG);
        List<Sent> old =
                page.stream().filter(sent -> sent.queuedAt().isBefore(before)).toList();
        if (old.isEmpty()) {
            return List.of();
        }
        // Half the time: a row is created with its job, but by another reading of the clock.
        List<UUID> rows = Outbox.jobsOlder(tx, before.plus(LONG.dividedBy(2)), MOST_AT_ONCE);
        if (rows.size() == MOST_AT_ONCE) {
            return List.of(); // The sweeper is behind; who knows what else is waiting in the outbox.
        }
        Set<UUID> waiting = new HashSet<>(rows);
        return old.stream()
                .filter(sent -> !waiting.contains(sent.job().id()))
                .filter(sent -> empty.computeIfAbsent(sent.lane(), this::isEmpty))
                .map(Sent::job)
                .toList();
    }

    /**
     * Asked after the jobs and then the outbox were read: what was QUEUED and had no row had its message by then, and what
     * has run since has another fence.
     */
    private boolean isEmpty(String lane) {
        try {
            return queues.stateNow(lane).messages() == 0;
        } catch (BrokerUnavailableException e) {
            return false; // Unknown.
        }
    }

    public void stop() {
        if (loop != null) {
            loop.close();
        }
    }
}
