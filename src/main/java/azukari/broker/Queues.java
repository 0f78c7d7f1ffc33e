package azukari.broker;

import azukari.database.Database;
import azukari.database.Tx;
import azukari.platform.BrokerUnavailableException;
import azukari.platform.Json;
import azukari.platform.Lane;
import azukari.platform.LaneNames;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import tools.jackson.databind.JsonNode;

/**
 * The lanes' queues as the broker sees them. That a lane is paused is recorded in the broker, which stops it on every
 * node at once, and in the table, from which it is restored to a broker that does not know of it.
 */
@Service
public class Queues {
    private static final Duration GOOD = Duration.ofMillis(250);
    private static final int MOST_QUEUES = 1000;
    private static final String OURS =
            Json.write(Map.of("field", "name", "operation", "CONTAINS", "value", LaneNames.PREFIX));

    private static final String PAUSED = """
            SELECT name FROM lane WHERE paused ORDER BY name
            """;

    private static final String SET_PAUSED = """
            UPDATE lane SET paused = ? WHERE name = ?
            """;

    private static final String LOCK_PAUSED = """
            SELECT name FROM lane WHERE paused AND name = ? FOR UPDATE
            """;

    private final Management management;
    private final Database database;
    private final Shared<Map<String, JsonNode>> queues;

    @Inject
    public Queues(Management management, Database database) {
        this.management = management;
        this.database = database;
        this.queues = new Shared<>(GOOD, this::list);
    }

    /**
     * The state of a lane's queue.
     *
     * @param messages all that the broker holds for the lane, including those being delivered and those scheduled
     * @param consumers sessions, across all nodes
     * @param delivering messages that a session is working on
     * @param scheduled messages that are delivered again after a delay
     * @param deadLetters messages that were put aside
     */
    public record State(
            long messages, long consumers, long delivering, long scheduled, long deadLetters, boolean paused) {}

    /**
     * The state of a lane's queue, at most a quarter of a second old. A queue that does not exist on the broker yet is
     * empty.
     *
     * @throws BrokerUnavailableException if the broker does not answer
     */
    public State state(String lane) {
        return state(lane, queues.get());
    }

    /**
     * The state of a lane's queue, asked for after this call.
     *
     * @throws BrokerUnavailableException if the broker does not answer
     */
    public State stateNow(String lane) {
        return state(lane, queues.renewed());
    }

    /**
     * Pauses a lane on all nodes, or resumes it, and returns the resulting state. A job that is running is not
     * affected.
     *
     * @throws BrokerUnavailableException if the broker did not confirm; a lane that was to be paused may be, and the table then
     *     says so
     */
    public State setPaused(String lane, boolean paused) {
        if (paused) {
            pause(lane);
        } else {
            database.inTransaction(tx -> {
                tx.update(SET_PAUSED, false, lane); // Its lock keeps keepPaused() out until both are changed.
                apply(lane, false);
                return null;
            });
        }
        return state(lane, queues.renewed());
    }

    /**
     * The table first: a broker that was paused and did not confirm it in time, or a node that died in between, would otherwise
     * leave a lane paused that nobody knows to be.
     */
    private void pause(String lane) {
        boolean before = database.inTransaction(tx -> {
            boolean paused =
                    !tx.query(LOCK_PAUSED, row -> row.getString(1), lane).isEmpty();
            tx.update(SET_PAUSED, true, lane);
            return paused;
        });
        try {
            database.inTransaction(tx -> pauseIfStillWanted(tx, lane));
        } catch (BrokerUnavailableException e) {
            if (!before && !isPausedAfterAll(lane)) {
                database.inTransaction(tx -> tx.update(SET_PAUSED, false, lane));
            }
            throw e;
        }
    }

    /** Whether the broker did it, or may have: then the table says so, and {@link #keepPaused} sees to it. */
    private boolean isPausedAfterAll(String lane) {
        try {
            return state(lane, queues.renewed()).paused();
        } catch (BrokerUnavailableException e) {
            return true;
        }
    }

    /**
     * Pauses the lanes that are paused in the table but not on the broker: its journal was lost, or it is a different
     * broker.
     */
    public void keepPaused() {
        List<String> lanes = database.inTransaction(tx -> tx.query(PAUSED, row -> row.getString(1)));
        for (String lane : lanes) {
            if (!state(lane).paused()) {
                database.inTransaction(tx -> pauseIfStillWanted(tx, lane));
            }
        }
    }

    private Void pauseIfStillWanted(Tx tx, String lane) {
        if (!tx.query(LOCK_PAUSED, row -> row.getString(1), lane).isEmpty()) {
            apply(lane, true);
        }
        return null;
    }

    private void apply(String lane, boolean paused) {
        JsonNode queue = queues.renewed().get(lane);
        if (queue == null) {
            throw new BrokerUnavailableException(
                    "the broker has no queue for lane " + lane, new NoSuchElementException("no node consumes it yet"));
        }
        String resource = "queue." + queue.path("name").asString();
        if (paused) {
            management.invoke(resource, "pause", true); // true: also after the broker's restart
        } else {
            management.invoke(resource, "resume");
        }
    }

    private static State state(String lane, Map<String, JsonNode> queues) {
        JsonNode queue = queues.getOrDefault(lane, Json.object());
        return new State(
                count(queue, "messageCount"),
                count(queue, "consumerCount"),
                count(queue, "deliveringCount"),
                count(queue, "scheduledCount"),
                count(queues.getOrDefault(Lane.deadQueueOf(lane), Json.object()), "messageCount"),
                queue.path("paused").asString("").equals("true"));
    }

    private static long count(JsonNode queue, String field) {
        return Long.parseLong(queue.path(field).asString("0"));
    }

    /** All our queues, by name without the prefix: some brokers put a prefix of their own before ours. */
    private Map<String, JsonNode> list() {
        String answer =
                management.invoke("broker", "listQueues", OURS, 1, MOST_QUEUES).asString();
        Map<String, JsonNode> found = new HashMap<>();
        for (JsonNode queue : Json.read(answer).path("data")) {
            String name = queue.path("name").asString();
            found.put(name.substring(name.indexOf(LaneNames.PREFIX) + LaneNames.PREFIX.length()), queue);
        }
        return found;
    }
}
