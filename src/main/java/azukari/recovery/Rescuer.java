package azukari.recovery;

import azukari.database.Database;
import azukari.database.SetAside;
import azukari.dispatch.ActiveRuns;
import azukari.dispatch.Exits;
import azukari.dispatch.Incarnation;
import azukari.dispatch.Suspects;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.JobTable.Running;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes back abandoned runs: those of incarnations that have ended (a dead node's, or this node's before its restart),
 * and this incarnation's own that no thread is working on (rule 3). Each goes through the same conditional finish as
 * any other end, so two rescuers, or a rescuer and a late finish, can't both win. The same pass over this incarnation's
 * rows finds cancelled jobs.
 */
@Service
public class Rescuer {
    private static final Logger LOG = System.getLogger(Rescuer.class.getName());
    private static final int MOST_AT_ONCE = 200;
    private static final int MOST_OF_ONE_NODE = 10_000;

    private final Database database;
    private final Exits exits;
    private final ActiveRuns activeRuns;
    private final Suspects suspects;
    private final Clock clock;
    private final SetAside<UUID> orphansLeft = new SetAside<>("taking back a run of a node that died");
    private final SetAside<Running> ownLeft = new SetAside<>("comparing a run with what this node is doing");

    @Inject
    public Rescuer(Database database, Exits exits, ActiveRuns activeRuns, Suspects suspects, Clock clock) {
        this.database = database;
        this.exits = exits;
        this.activeRuns = activeRuns;
        this.suspects = suspects;
        this.clock = clock;
    }

    /** Takes back the runs of incarnations that have ended. */
    public void takeOrphans() {
        Map<String, Integer> takenByNode = new TreeMap<>();
        try {
            boolean more = true;
            while (more) {
                int limit = MOST_AT_ONCE + orphansLeft.count();
                List<UUID> orphans = orphansLeft.without(database.inTransaction(tx -> JobTable.orphans(tx, limit)));
                int before = sum(takenByNode);
                orphansLeft.each(orphans, some -> take(some, takenByNode));
                more = orphans.size() >= MOST_AT_ONCE && sum(takenByNode) > before;
            }
        } finally {
            takenByNode.forEach(
                    (node, runs) -> LOG.log(Level.INFO, "runs that were taken back from node {0}: {1}", node, runs));
        }
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Each by its own conditional exit, so that it does no harm to do it twice. */
    private void take(List<UUID> orphans, Map<String, Integer> takenByNode) {
        for (Job job : running(orphans)) {
            if (exits.interrupt(job, "node " + job.node() + " died during this run")) {
                logTakenBack(job);
                takenByNode.merge(job.node(), 1, Integer::sum);
            }
        }
    }

    private List<Job> running(List<UUID> jobs) {
        return jobs.isEmpty()
                ? List.of()
                : database.read(em -> JobTable.findAll(em, jobs)).stream()
                        .filter(job -> job.state() == JobState.RUNNING)
                        .toList();
    }

    private void logTakenBack(Job job) {
        LOG.log(Level.DEBUG, "job {0}, run {1}: taken back from node {2}", job.id(), job.run(), job.node());
        if (job.poisonous()) {
            LOG.log(
                    Level.WARNING,
                    "job {0} ({1}) is quarantined: three deaths of the process count against it",
                    job.id(),
                    job.code());
            suspects.culpritFound();
        }
    }

    /**
     * Compares this incarnation's rows, as read, with what its threads are doing: asks threads whose jobs were
     * cancelled, on whichever node, to stop, and takes back the runs that no thread is working on.
     */
    public void compareOwn(Incarnation me) {
        List<Running> rows = database.inTransaction(tx -> JobTable.runningOf(tx, me.id(), MOST_OF_ONE_NODE));
        AtomicInteger taken = new AtomicInteger();
        try {
            ownLeft.each(ownLeft.without(rows), some -> compare(some, taken));
        } finally {
            if (taken.get() > 0) {
                LOG.log(
                        Level.WARNING,
                        "jobs that were RUNNING here without a thread that worked on them, and were taken back: {0}",
                        taken);
            }
        }
    }

    private void compare(List<Running> rows, AtomicInteger taken) {
        for (Running row : rows) {
            if (!activeRuns.holds(row.job(), row.fence())) {
                running(List.of(row.job())).stream()
                        .filter(job -> job.fence() == row.fence() && takesOwn(job))
                        .forEach(job -> taken.incrementAndGet());
            } else if (row.cancelling()) {
                activeRuns.askToCancel(row.job(), row.fence(), clock.instant());
            }
        }
    }

    private boolean takesOwn(Job job) {
        boolean taken = activeRuns.takeBack(
                job.id(),
                job.fence(),
                begun -> begun
                        ? exits.interrupt(job, "no thread of the node was working on this run")
                        : exits.giveBack(job));
        if (taken) {
            LOG.log(
                    Level.DEBUG,
                    "job {0}, run {1}: was RUNNING here, but no thread was working on it; it was taken back",
                    job.id(),
                    job.run());
        }
        return taken;
    }
}
