package azukari.limit;

import azukari.database.Tx;
import azukari.limit.Permit.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What the outside said about how often it is called: a pause, and that the pace was too high.
 *
 * @param pause for how long it is not to be called; zero or more
 * @param tooFast whether it refused a call, so that the pace is slowed down by half, too, and recovers by itself
 */
public record Throttle(Duration pause, boolean tooFast) {
    private static final int SLOWEST = 10;
    private static final Duration SLOWEST_STEP = Duration.ofMillis(100);

    /**
     * Slows down what jobs' calls went through, on every node: the share of its key if a job has one, otherwise the channel; never the
     * batch that it is a part of.
     *
     * @param throttled what the outside said, by job
     * @return the jobs whose calls went through no channel, so that nothing was slowed down
     */
    public static Set<UUID> apply(Tx tx, Map<UUID, Throttle> throttled) {
        if (throttled.isEmpty()) {
            return Set.of();
        }
        Map<UUID, List<UUID>> held = new HashMap<>();
        PermitTable.of(tx, throttled.keySet())
                .forEach((job, permits) -> held.put(
                        job,
                        permits.stream()
                                .filter(permit -> permit.phase() == Phase.HELD && !permit.kept())
                                .map(Permit::capacity)
                                .toList()));
        // All at once, in order: one after the other, two such transactions could each wait for the other.
        CapacityTable.lock(tx, held.values().stream().flatMap(List::stream).toList());
        Set<UUID> without = new HashSet<>(throttled.keySet());
        held.forEach((job, capacities) -> {
            if (throttled.get(job).apply(tx, capacities)) {
                without.remove(job);
            }
        });
        return without;
    }

    /** Whether any of these belongs to a channel. */
    private boolean apply(Tx tx, List<UUID> held) {
        List<Capacity> capacities = CapacityTable.lock(tx, held).stream()
                .filter(capacity -> !capacity.isBatch())
                .toList();
        Limits limits = Limits.of(tx, held);
        boolean keyed = capacities.stream().anyMatch(capacity -> capacity.key() != null);
        for (Capacity capacity : capacities) {
            if (!keyed || capacity.key() != null) {
                apply(tx, capacity, limits.of(capacity), limits.clock());
            }
        }
        return !capacities.isEmpty();
    }

    private void apply(Tx tx, Capacity capacity, ChannelRow limits, Instant clock) {
        Instant until = clock.plus(pause);
        if (capacity.closedUntil() != null && capacity.closedUntil().isAfter(until)) {
            until = capacity.closedUntil();
        }
        Duration declared = limits == null ? Duration.ZERO : limits.interval();
        Duration now = capacity.pace(limits, clock).interval();
        Duration learned = now.minus(declared);
        boolean known = capacity.learnedAt() != null
                && capacity.learnedAt().plus(now).plus(SLOWEST_STEP).isAfter(clock);
        if (tooFast && !known && !declared.isZero()) { // Calls that were under way together are refused together.
            Duration slower = now.multipliedBy(3).dividedBy(2);
            Duration slowest = declared.multipliedBy(SLOWEST);
            learned = (slower.compareTo(slowest) < 0 ? slower : slowest).minus(declared);
        }
        CapacityTable.slowDown(tx, capacity.id(), until, learned.isZero() ? null : learned, clock);
    }
}
