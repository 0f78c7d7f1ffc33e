package azukari.node;

import azukari.database.Database;
import azukari.database.DatabaseUnavailableException;
import azukari.database.SetAside;
import azukari.node.NodeTable.Node;
import azukari.platform.Ids;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import azukari.recovery.Rescuer;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Once a second, ends the incarnations of dead nodes and has the rescuer take back abandoned runs. */
@Service
public class RescueLoop {
    private static final Logger LOG = System.getLogger(RescueLoop.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Database database;
    private final Threads threads;
    private final Heartbeat heartbeat;
    private final Rescuer rescuer;
    private final SetAside<Node> left = new SetAside<>("ending the incarnation of a dead node");
    private volatile Loop loop;

    @Inject
    public RescueLoop(Database database, Threads threads, Heartbeat heartbeat, Rescuer rescuer) {
        this.database = database;
        this.threads = threads;
        this.heartbeat = heartbeat;
        this.rescuer = rescuer;
    }

    void start() {
        loop = threads.loop("rescuer", PAUSE, () -> {
            left.each(left.without(heartbeat.dead()), nodes -> nodes.forEach(this::retire));
            rescuer.takeOrphans();
            rescuer.compareOwn(heartbeat.incarnation());
        });
    }

    private void retire(Node node) {
        if (database.inTransaction(tx -> NodeTable.retire(tx, node, Ids.next()))) {
            LOG.log(
                    Level.WARNING,
                    "node {0} has not sent a beat for the whole rescue time: its runs are taken back",
                    node.name());
        }
    }

    /**
     * Stops looking. If {@code quiet}, no thread is working on a run any more: whatever is still RUNNING here (the answer
     * to its claim was lost, say) is given back now, by the only node that knows whether it was begun.
     */
    void stop(boolean quiet) {
        if (loop == null) {
            return;
        }
        loop.close();
        if (quiet) {
            try {
                rescuer.compareOwn(heartbeat.incarnation());
            } catch (DatabaseUnavailableException e) {
                LOG.log(
                        Level.WARNING,
                        "what this node may have left RUNNING is taken back by others, or at its next start",
                        e);
            }
        }
    }
}
