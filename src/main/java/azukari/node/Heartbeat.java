package azukari.node;

import azukari.database.BrokenConnections;
import azukari.database.Database;
import azukari.database.DatabaseUnavailableException;
import azukari.database.RoomOnDisk;
import azukari.dispatch.Claiming;
import azukari.dispatch.Incarnation;
import azukari.node.NodeTable.Node;
import azukari.platform.Ids;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Settings;
import azukari.platform.Threads;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * This node's beat, on its own thread and its own connection, and what it observes of the other nodes' beats. A node
 * that was presumed dead finds no row for its incarnation: it stops claiming and begins a new incarnation.
 */
@Service
public class Heartbeat {
    private static final Logger LOG = System.getLogger(Heartbeat.class.getName());
    private static final int BEATS_A_WINDOW = 10;

    private final BeatSource source;
    private final Database database;
    private final Threads threads;
    private final Claiming claiming;
    private final Settings settings;
    private final BeatWatch watch;
    private volatile boolean failing = true;
    private volatile List<Node> dead = List.of();
    private volatile Incarnation incarnation;
    private volatile UUID instance;
    private Connection connection;
    private volatile Loop loop;
    private volatile Loop watcher;

    @Inject
    public Heartbeat(BeatSource source, Database database, Threads threads, Claiming claiming, Settings settings) {
        this.source = source;
        this.database = database;
        this.threads = threads;
        this.claiming = claiming;
        this.settings = settings;
        this.watch = new BeatWatch(settings.rescue());
    }

    /** Starts beating for an incarnation whose row has been written, and opens the lanes. */
    void start(Incarnation now, UUID ownInstance) {
        incarnation = now;
        instance = ownInstance;
        Duration interval = settings.rescue().dividedBy(BEATS_A_WINDOW);
        loop = threads.loop("beat", interval, this::beat);
        // Separate from the beat, which may hang in the database.
        watcher = threads.loop("beat-watch", interval, this::suspendWhenSilent);
    }

    /** Nodes whose beat has stood still for the whole window. */
    List<Node> dead() {
        return dead;
    }

    /**
     * Whether the database works for this node: it took the last beat, and that was not long ago. A beat is a whole
     * transaction, where a question might be answered by a database that can no longer write, and it may hang, where a
     * caller must not.
     */
    public boolean isCurrent() {
        return !failing && watch.mayClaim(System.nanoTime());
    }

    private void suspendWhenSilent() {
        if (!watch.mayClaim(System.nanoTime()) && claiming.suspend()) {
            LOG.log(
                    Level.WARNING,
                    "this node could not send a beat for half of {0} ms: it claims nothing until it can",
                    settings.rescue().toMillis());
        }
    }

    private void beat() {
        try {
            source.room().check();
            if (connection == null) {
                connection = source.pool().getConnection();
            }
            // The statement may take long, and others count from the earliest time they can have seen the beat.
            long before = System.nanoTime();
            if (beaten()) {
                watch.ownBeat(before);
                failing = false;
                BeatMeters.beat();
                if (watch.mayClaim(System.nanoTime())) { // Otherwise too slow to count: the next one may be faster.
                    claiming.open(incarnation, before + settings.rescue().toNanos() / 2);
                }
                dead = watch.observe(rows(), incarnation.node(), System.nanoTime());
            } else {
                beginAnew();
            }
        } catch (SQLException e) {
            failing = true;
            drop(e);
            throw new DatabaseUnavailableException(e);
        }
    }

    private boolean beaten() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NodeTable.BEAT)) {
            statement.setQueryTimeout(timeoutSeconds());
            statement.setString(1, incarnation.node());
            statement.setObject(2, incarnation.id());
            return statement.executeUpdate() == 1;
        }
    }

    private List<Node> rows() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NodeTable.READ_ALL);
                ResultSet rows = statement.executeQuery()) {
            List<Node> nodes = new ArrayList<>();
            while (rows.next()) {
                nodes.add(new Node(
                        rows.getString(1),
                        rows.getObject(2, UUID.class),
                        rows.getObject(3, UUID.class),
                        rows.getLong(4),
                        rows.getBoolean(5)));
            }
            return nodes;
        }
    }

    private int timeoutSeconds() {
        return Math.max(1, Math.toIntExact(settings.rescue().toSeconds() / 2));
    }

    private void beginAnew() {
        claiming.suspend();
        UUID next = Ids.next();
        if (database.inTransaction(tx -> NodeTable.renew(tx, incarnation.node(), instance, next))) {
            LOG.log(
                    Level.WARNING,
                    "this node was presumed dead; its runs were given to others, and it continues as incarnation {0}",
                    next);
            incarnation = new Incarnation(next, incarnation.node());
        } else {
            throw new IllegalStateException("another instance is using this node's name, '" + incarnation.node()
                    + "': this one claims nothing; give each node its own name (AZUKARI_NODE)");
        }
    }

    private void drop(SQLException cause) {
        Connection broken = connection;
        connection = null;
        if (broken != null) {
            BrokenConnections.discard(broken, cause);
        }
    }

    /**
     * Records that this node is stopping, so that an end by force is not a death for which anything is blamed (rule 7).
     */
    void drain() {
        try {
            database.inTransaction(tx -> {
                NodeTable.drain(tx, incarnation.node(), incarnation.id());
                return null;
            });
        } catch (DatabaseUnavailableException e) {
            LOG.log(Level.WARNING, "this node could not record that it is stopping; it stops anyway", e);
        }
    }

    /** Stops beating. If {@code clean}, also records that nothing of this incarnation is running any more. */
    void stop(boolean clean) {
        if (loop == null) {
            return;
        }
        loop.close();
        watcher.close();
        if (clean) {
            signOff();
        }
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, "the beat's connection could not be closed; it ends with the process", e);
            }
        }
    }

    private void signOff() {
        try {
            database.inTransaction(tx -> {
                NodeTable.signOff(tx, incarnation.node(), incarnation.id());
                return null;
            });
        } catch (DatabaseUnavailableException e) {
            LOG.log(
                    Level.WARNING,
                    "this node could not sign off; its next start, or the rescue, will find nothing to take back",
                    e);
        }
    }

    Incarnation incarnation() {
        return incarnation;
    }

    /**
     * The pool for the beat's own connection, separate from all others.
     *
     * @param pool a pool of one or more connections
     * @param room of an embedded database; a node that can store nothing does not beat
     */
    record BeatSource(DataSource pool, RoomOnDisk room) {}
}
