package azukari.catalog;

import java.util.Optional;

/**
 * A channel that an event type's calls go through.
 *
 * @param name the channel's
 * @param per a JSON Pointer into the body: each value there has the channel's capacity for itself; empty: all share one
 */
public record ChannelUse(String name, Optional<String> per) {}
