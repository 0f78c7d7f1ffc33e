package azukari.catalog;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The shared capacity of an outside service, as {@code channels.yaml} declares it: over the whole cluster, or for each key
 * where an event type names one.
 *
 * @param name {@code [a-z][a-z0-9-]{0,63}}
 * @param rate how often calls may begin; empty: as often as there are
 * @param concurrency how many calls may be under way at a time, at least 1; empty: any number
 */
public record Channel(String name, Optional<Rate> rate, Optional<Integer> concurrency) {
    static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    static final int MOST_CONCURRENCY = 100_000;
}
