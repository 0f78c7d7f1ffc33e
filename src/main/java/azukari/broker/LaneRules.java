package azukari.broker;

import azukari.platform.BrokerUnavailableException;
import azukari.platform.Json;
import azukari.platform.Lane;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The settings that the lanes' addresses must have on the broker: messages are delivered without limit and after a
 * pause, since it is a node or the database that fails and not the message (rule 2), and each lane has its own
 * dead-letter queue. A broker's defaults differ: ten deliveries, no pause, one queue for all. Where the broker permits
 * it, the settings are made from here.
 */
@Service
public class LaneRules {
    private static final Logger LOG = System.getLogger(LaneRules.class.getName());
    private static final int WITHOUT_LIMIT = -1;
    private static final int PAUSE_MILLIS = 1000;

    private final Questions broker;
    /** Whether the broker was found to be in order since it was last unavailable. */
    private boolean inOrder;

    /** The operations that are invoked on the broker. */
    interface Questions {
        JsonNode invoke(String resource, String operation, Object... parameters);
    }

    @Inject
    public LaneRules(Management management) {
        this((Questions) management::invoke);
    }

    LaneRules(Questions broker) {
        this.broker = broker;
    }

    /**
     * Sets what is missing, and returns in one line what could not be set from here; empty if nothing. Once everything
     * is in order, the broker is asked again only after {@link #forget}.
     *
     * @throws BrokerUnavailableException if the broker does not answer
     */
    synchronized Optional<String> missing() {
        if (inOrder) {
            return Optional.empty();
        }
        List<Lane> wrong;
        try {
            wrong = stillWrong();
        } catch (BrokerRefusedException e) {
            LOG.log(
                    Level.WARNING,
                    "{0}, so it is not known whether it puts messages of accepted jobs aside; its broker.xml needs {1}",
                    e.getMessage(),
                    elements(List.of(Lane.values())));
            wrong = List.of();
        }
        inOrder = wrong.isEmpty();
        return inOrder ? Optional.empty() : Optional.of(line(wrong));
    }

    /** The broker was unavailable: it may be a different one now, or have different settings. */
    synchronized void forget() {
        inOrder = false;
    }

    private List<Lane> stillWrong() {
        List<Lane> wrong = new ArrayList<>();
        for (Lane lane : Lane.values()) {
            if (!isInOrder(lane) && !set(lane)) {
                wrong.add(lane);
            }
        }
        return wrong;
    }

    private boolean isInOrder(Lane lane) {
        String answer = broker.invoke("broker", "getAddressSettingsAsJSON", lane.queue())
                .asString();
        JsonNode settings = Json.read(answer);
        return settings.path("maxDeliveryAttempts").asInt(0) == WITHOUT_LIMIT
                && settings.path("redeliveryDelay").asLong(0) > 0
                && settings.path("deadLetterAddress").asString("").equals(lane.deadQueue());
    }

    /**
     * Sets a lane's settings; returns whether they are in force then, since a setting of the broker's own may take
     * precedence.
     */
    private boolean set(Lane lane) {
        String settings = Json.write(Json.object()
                .put("maxDeliveryAttempts", WITHOUT_LIMIT)
                .put("redeliveryDelay", PAUSE_MILLIS)
                .put("deadLetterAddress", lane.deadQueue()));
        try {
            broker.invoke("broker", "addAddressSettings", lane.queue(), settings);
        } catch (BrokerRefusedException e) {
            LOG.log(Level.DEBUG, "the settings of " + lane.queue() + " are left as they are", e);
            return false;
        }
        boolean set = isInOrder(lane);
        if (set) {
            LOG.log(Level.INFO, "set on the broker for {0}: {1}", lane.queue(), settings);
        }
        return set;
    }

    private static String line(List<Lane> wrong) {
        return "the broker would put messages of accepted jobs aside, and this can't be changed from here; its broker.xml"
                + " needs " + elements(wrong);
    }

    private static String elements(List<Lane> lanes) {
        return lanes.stream()
                .map(lane -> "<address-setting match=\"" + lane.queue() + "\"><max-delivery-attempts>" + WITHOUT_LIMIT
                        + "</max-delivery-attempts><redelivery-delay>" + PAUSE_MILLIS
                        + "</redelivery-delay><dead-letter-address>" + lane.deadQueue()
                        + "</dead-letter-address></address-setting>")
                .collect(Collectors.joining(" "));
    }
}
