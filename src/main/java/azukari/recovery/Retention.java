package azukari.recovery;

import azukari.database.Database;
import azukari.database.SetAside;
import azukari.database.Tx;
import azukari.job.JobRetention;
import azukari.notify.Notifications;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Settings;
import azukari.platform.Threads;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Deletes jobs that ended long ago, with their runs and notifications: chain by chain, in small transactions with
 * pauses in between, so that nothing has to wait for it. Every node does this, and each skips what another has locked.
 * A message of theirs that is still in the outbox is dropped by the sweeper.
 */
@Service
public class Retention {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    /** The pause between two transactions while there is more to delete. */
    private static final Duration BREATH = Duration.ofMillis(50);

    private static final int MOST_JOBS = 200;

    private final Database database;
    private final Threads threads;
    private final Settings settings;
    private final Clock clock;
    private final SetAside<UUID> left = new SetAside<>("deleting a chain that ended long ago");
    private volatile Loop loop;

    @Inject
    public Retention(Database database, Threads threads, Settings settings, Clock clock) {
        this.database = database;
        this.threads = threads;
        this.settings = settings;
        this.clock = clock;
    }

    public void start() {
        Duration tenth = settings.retention().dividedBy(10);
        Duration pause = tenth.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : tenth;
        loop = threads.loopUntil(
                "retention",
                pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE,
                () -> pass() ? BREATH : LONGEST_PAUSE);
    }

    /** Deletes one batch; returns whether there may be more. */
    boolean pass() {
        Instant before = clock.instant().minus(settings.retention());
        List<UUID> chains = new ArrayList<>();
        int limit = MOST_JOBS + left.count();
        try {
            return database.inTransaction(tx -> {
                chains.addAll(left.without(JobRetention.lockEndedChains(tx, before, limit)));
                return delete(tx, chains, before);
            });
        } catch (RuntimeException | StackOverflowError e) {
            if (chains.isEmpty() || !SetAside.isForARow(e)) {
                throw e;
            }
            left.each(
                    chains,
                    some -> database.inTransaction(
                            tx -> delete(tx, JobRetention.lockEndedChains(tx, before, some), before)));
            return true;
        }
    }

    /** Deletes jobs of these chains, as many as fit into a transaction; returns whether it was as many as that. */
    private static boolean delete(Tx tx, List<UUID> chains, Instant before) {
        List<UUID> jobs = jobsOf(tx, chains);
        Notifications.deleteToldBy(tx, jobs);
        JobRetention.delete(tx, jobs, before);
        return jobs.size() == MOST_JOBS;
    }

    private static List<UUID> jobsOf(Tx tx, List<UUID> chains) {
        List<UUID> jobs = new ArrayList<>();
        for (UUID root : chains) {
            if (jobs.size() < MOST_JOBS) {
                jobs.addAll(JobRetention.ofChain(tx, root, MOST_JOBS - jobs.size()));
            }
        }
        return jobs;
    }

    public void stop() {
        if (loop != null) {
            loop.close();
        }
    }
}
