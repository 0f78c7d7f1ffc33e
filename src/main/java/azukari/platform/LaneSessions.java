package azukari.platform;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How many jobs each lane runs at a time on this node. The message-driven beans' activation looks up the same, by the
 * same keys and with the same defaults.
 */
public record LaneSessions(Map<Lane, Integer> byLane) {
    static LaneSessions read(Function<String, Optional<Integer>> lookup) {
        Map<Lane, Integer> byLane = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            byLane.put(lane, lookup.apply(lane.key()).orElse(lane.sessions()));
        }
        return new LaneSessions(byLane);
    }
}
