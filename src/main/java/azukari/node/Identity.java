package azukari.node;

import azukari.database.Database;
import azukari.dispatch.Incarnation;
import azukari.node.NodeTable.Node;
import azukari.platform.Ids;
import azukari.platform.Settings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes this node's name at the start (rule 5). It does so at once if the name is free, if its last holder signed off,
 * or if the row carries the id of the data folder that this process has locked, whose last process must therefore be
 * dead. Otherwise another process may be alive under the name: it is watched, and this node refuses to start if its
 * beat moves.
 */
final class Identity {
    private static final Logger LOG = System.getLogger(Identity.class.getName());
    private static final Duration GLANCE = Duration.ofMillis(200);

    private final Database database;
    private final Settings settings;

    Identity(Database database, Settings settings) {
        this.database = database;
        this.settings = settings;
    }

    /**
     * @param instance the id in the data folder that this process holds
     * @throws IllegalStateException if another process is alive under this name
     */
    Incarnation take(UUID instance) {
        Incarnation mine = new Incarnation(Ids.next(), settings.node());
        if (database.inTransaction(tx -> NodeTable.insert(tx, mine.node(), instance, mine.id()))) {
            return mine;
        }
        Node seen = row();
        if (!seen.signedOff() && !seen.instance().equals(instance)) {
            LOG.log(
                    Level.INFO,
                    "node name {0} was last used with another data folder; waiting {1} ms to see whether it is alive",
                    settings.node(),
                    settings.rescue().toMillis());
            awaitSilence(seen);
        }
        if (!database.inTransaction(tx -> NodeTable.take(tx, seen, instance, mine.id()))) {
            throw alive();
        }
        return mine;
    }

    private void awaitSilence(Node seen) {
        long since = System.nanoTime();
        while (System.nanoTime() - since < settings.rescue().toNanos()) {
            LockSupport.parkNanos(GLANCE.toNanos());
            if (!row().equals(seen)) {
                throw alive();
            }
        }
    }

    private Node row() {
        Optional<Node> row = database.inTransaction(tx -> NodeTable.find(tx, settings.node()));
        return row.orElseThrow(this::alive);
    }

    private IllegalStateException alive() {
        return new IllegalStateException("another process is running as node '" + settings.node()
                + "'; give each node its own name (AZUKARI_NODE)");
    }
}
