package azukari.limit;

import azukari.catalog.BodyValues;
import azukari.catalog.ChannelUse;
import azukari.catalog.EventType;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the jobs of an event type need. */
public final class Needs {
    private Needs() {}

    /**
     * What a job with this body needs; empty if it is not limited.
     *
     * @param body valid for the event type
     */
    public static List<Need> of(EventType type, JsonNode body) {
        List<Need> needs = new ArrayList<>();
        type.lockKey().ifPresent(pointer -> needs.add(Need.lock(type.code(), key(body, pointer))));
        for (ChannelUse use : type.channels()) {
            needs.add(use.per()
                    .map(pointer -> Need.share(use.name(), key(body, pointer)))
                    .orElseGet(() -> Need.channel(use.name())));
        }
        return needs;
    }

    private static String key(JsonNode body, String pointer) {
        return BodyValues.at(body, pointer)
                .orElseThrow(() -> new IllegalArgumentException("a valid body has no value at " + pointer));
    }
}
