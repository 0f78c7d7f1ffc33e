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
        List<UUID> orphans;
        AtomicInteger taken = new AtomicInteger();
        do {
            int limit = MOST_AT_ONCE + orphansLeft.count();
            orphans = orphansLeft.without(database.inTransaction(tx -> JobTable.orphans(tx, limit)));
            taken.set(0);
            orphansLeft.each(orphans, some -> taken.addAndGet(take(some)));
        } while (orphans.size() >= MOST_AT_ONCE && taken.get() > 0);
    }

    /** Each by its own conditional exit, so that it does no harm to do it twice; returns how many it took. */
    private int take(List<UUID> orphans) {
        int taken = 0;
        for (Job job : running(orphans)) {
            if (exits.interrupt(job, "node " + job.node() + " died during this run")) {
                logTakenBack(job);
                taken++;
            }
        }
        return taken;
    }

    private List<Job> running(List<UUID> jobs) {
        return jobs.isEmpty()
                ? List.of()
                : database.read(em -> JobTable.findAll(em, jobs)).stream()
                        .filter(job -> job.state() == JobState.RUNNING)
                        .toList();
    }

    private void logTakenBack(Job job) {
        LOG.log(Level.INFO, "job {0}, run {1}: taken back from node {2}", job.id(), job.run(), job.node());
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
        ownLeft.each(ownLeft.without(rows), this::compare);
    }

    private void compare(List<Running> rows) {
        for (Running row : rows) {
            if (!activeRuns.holds(row.job(), row.fence())) {
                running(List.of(row.job())).stream()
                        .filter(job -> job.fence() == row.fence())
                        .forEach(this::takeOwn);
            } else if (row.cancelling()) {
                activeRuns.askToCancel(row.job(), row.fence(), clock.instant());
            }
        }
    }

    private void takeOwn(Job job) {
        boolean taken = activeRuns.takeBack(
                job.id(),
                job.fence(),
                begun -> begun
                        ? exits.interrupt(job, "no thread of the node was working on this run")
                        : exits.giveBack(job));
        if (taken) {
            LOG.log(
                    Level.WARNING,
                    "job {0}, run {1}: was RUNNING here, but no thread was working on it; it was taken back",
                    job.id(),
                    job.run());
        }
    }
}
