package azukari.platform;

import java.util.Map;

/**
 * How many jobs each lane runs at a time on this node, as the server's descriptors set it: by the same keys, with the same
 * defaults.
 *
 * @param byLane from the lane's name as it is written
 */
public record LaneSessions(Map<String, Integer> byLane) {
    /** {@code glassfish-ejb-jar.xml} and its like say the same. */
    static final Map<String, Integer> DEFAULTS = Map.of("default", 16, "outside", 64, "long", 16, "notify", 8);

    /** The configuration key of a lane's sessions. */
    static String key(String lane) {
        return "azukari.lane." + lane + ".max.sessions";
    }
}
