package azukari.recovery;

import azukari.broker.Marks;
import azukari.broker.Marks.Mark;
import azukari.database.Database;
import azukari.platform.BrokerUnavailableException;
import azukari.platform.Ids;
import azukari.platform.Service;
import azukari.platform.Settings;
import azukari.recovery.BrokerTable.OtherNode;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * All nodes of a database work with one broker. With a broker each, as when every node starts an embedded one, a job's
 * message is on one of them, its table is everybody's, and each node would put everything on the wire again that the other
 * one has.
 */
@Service
public class OneBroker {
    private static final Logger LOG = System.getLogger(OneBroker.class.getName());
    private static final Duration GLANCE = Duration.ofMillis(200);
    /** Longer than another node takes to notice that the broker that both work with lost its journal. */
    private static final Duration GRACE = Duration.ofSeconds(6);

    private final Database database;
    private final Marks marks;
    private final Settings settings;

    @Inject
    public OneBroker(Database database, Marks marks, Settings settings) {
        this.database = database;
        this.marks = marks;
        this.settings = settings;
    }

    /**
     * Refuses to start while another node lives that works with another broker. Returns at once if there is none, or if
     * the broker does not answer, so that nothing is known; waits for the rescue time if there is one that may be dead.
     *
     * @throws IllegalStateException if another node's beat moves, and its broker is not this node's
     */
    public void refuseAnother() {
        try {
            observe();
        } catch (BrokerUnavailableException e) {
            LOG.log(Level.DEBUG, "whether other nodes work with another broker is not known: it does not answer", e);
        }
    }

    private void observe() {
        long since = System.nanoTime();
        Map<String, Long> first = new HashMap<>();
        List<OtherNode> others = others();
        while (!others.isEmpty()) {
            Duration watched = Duration.ofNanos(System.nanoTime() - since);
            Optional<OtherNode> alive = others.stream()
                    .filter(other -> first.computeIfAbsent(other.name(), name -> other.beat()) != other.beat())
                    .findFirst();
            if (alive.isPresent() && watched.compareTo(GRACE) > 0) {
                throw new IllegalStateException("node '" + alive.get().name()
                        + "' of this database works with another broker; all nodes need the same one"
                        + " (AZUKARI_BROKER_URL)");
            }
            if (alive.isEmpty() && watched.compareTo(settings.rescue()) > 0) {
                return;
            }
            LockSupport.parkNanos(GLANCE.toNanos());
            others = others();
        }
    }

    private List<OtherNode> others() {
        Optional<Mark> mark = marks.read();
        return database.inTransaction(tx -> BrokerTable.withAnother(
                tx, settings.node(), mark.map(Mark::broker).orElseGet(Ids::next)));
    }
}
