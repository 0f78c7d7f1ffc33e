package azukari.limit;

import java.time.Instant;

/** A key for which the outside asked not to be called before a time. */
public record ClosedKey(String key, Instant until) {}
