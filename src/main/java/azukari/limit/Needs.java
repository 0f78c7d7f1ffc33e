package azukari.limit;

import azukari.catalog.BodyValues;
import azukari.catalog.ChannelUse;
import azukari.catalog.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** What the jobs of an event type need. */
public final class Needs {
    /** A batch with more children than this has them wait for one another (rule 14). */
    public static final int MOST_CHILDREN_AT_ONCE = 256;

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

    /**
     * The same for a child of a batch too large to be on the wire as a whole; a child with a channel waits for that.
     *
     * @param batch null if there is none
     */
    public static List<Need> withBatch(List<Need> needs, UUID batch) {
        if (batch == null || needs.stream().anyMatch(need -> !need.isLock())) {
            return needs;
        }
        List<Need> all = new ArrayList<>(needs);
        all.add(Need.batch(batch));
        return all;
    }

    private static String key(JsonNode body, String pointer) {
        return BodyValues.keyAt(body, pointer)
                .orElseThrow(() -> new IllegalArgumentException("a valid body has no value at " + pointer));
    }
}
