package azukari.limit;

import azukari.catalog.Rate;
import java.time.Duration;
import java.util.Optional;

/**
 * A channel as it is now.
 *
 * @param declaredRate what {@code channels.yaml} says, as for the concurrency
 * @param rate what holds
 * @param concurrency what holds
 * @param perNode for HTTP targets without a concurrency: how many calls each node makes at a time; otherwise empty
 * @param paused whether no call begins
 */
public record ChannelRow(
        String name,
        Optional<Rate> declaredRate,
        Optional<Integer> declaredConcurrency,
        Optional<Rate> rate,
        Optional<Integer> concurrency,
        Optional<Integer> perNode,
        boolean paused) {

    /** From one call to the next; zero without a rate. */
    Duration interval() {
        return rate.map(Rate::interval).orElse(Duration.ZERO);
    }

    /**
     * How many calls may be under way at a time; empty for any number.
     *
     * @param nodes how many nodes there are
     */
    public Optional<Integer> most(int nodes) {
        return concurrency.or(() -> perNode.map(each -> each * Math.max(1, nodes)));
    }
}
