package azukari.catalog;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** All event types of this process. Immutable and safe for concurrent use. */
public final class Catalog {
    private final Map<String, EventType> types;
    private final List<Channel> channels;
    private final EventType batch = BatchType.create();

    Catalog(Collection<EventType> types, Collection<Channel> channels) {
        Map<String, EventType> sorted = new TreeMap<>();
        types.forEach(type -> sorted.put(type.code(), type));
        this.channels = List.copyOf(channels);
        this.types = Collections.unmodifiableMap(sorted);
    }

    /**
     * Finds an event type by its code; empty if there is none.
     *
     * @param code any string, not null
     */
    public Optional<EventType> find(String code) {
        return Optional.ofNullable(types.get(code));
    }

    /** The event type of a job: one of the catalogue's, or that of the parent jobs of batches; empty if there is none. */
    public Optional<EventType> ofJob(String code) {
        return code.equals(EventType.BATCH) ? Optional.of(batch) : find(code);
    }

    /**
     * Validates a body for an event type, and for all that it fans out to.
     *
     * @return the violations; empty if the body is valid
     */
    public List<Violation> validate(EventType type, JsonNode body) {
        return FanOuts.validate(type, body, types);
    }

    /** All codes, sorted. */
    public Set<String> codes() {
        return types.keySet();
    }

    /** All event types, sorted by code. */
    public List<EventType> items() {
        return List.copyOf(types.values());
    }

    /** The channels that are declared, sorted by name. */
    public List<Channel> channels() {
        return channels;
    }
}
