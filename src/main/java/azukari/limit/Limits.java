package azukari.limit;

import azukari.database.Dialect;
import azukari.database.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The limits of capacities, and the time by which slots are given: read after the capacities were locked, on PostgreSQL in one
 * statement.
 *
 * @param channels the capacities' channels, by name
 * @param clock the database's time
 * @param before a reading of {@link System#nanoTime} before the database looked at its clock
 * @param after a reading of {@link System#nanoTime} after that
 */
record Limits(Map<String, ChannelRow> channels, Instant clock, long before, long after) {
    /**
     * Half of the lateness that is allowed is for not knowing when, between the two readings, the database looked at its clock; the
     * other half is the call's. Where the readings are further apart, the next slots are put off.
     */
    private static final Duration FREE_DOUBT = Pace.LATENESS.dividedBy(2);

    /** With more, slots are missed. */
    private static final Duration MOST_DOUBT = Duration.ofMillis(250);

    static Limits of(Tx tx, Collection<UUID> capacities) {
        Map<String, ChannelRow> channels = new HashMap<>();
        if (tx.dialect() == Dialect.H2) { // It is in this process, and so is its clock.
            ChannelTable.of(tx, capacities).forEach(row -> channels.put(row.name(), row));
            long before = System.nanoTime();
            return new Limits(channels, CapacityTable.clock(tx), before, System.nanoTime());
        }
        long before = System.nanoTime();
        Instant clock = ChannelTable.withClock(tx, capacities, row -> channels.put(row.name(), row));
        return new Limits(channels, clock, before, System.nanoTime());
    }

    /** A capacity's channel; null for a lock, a batch, or a channel that does not exist any longer. */
    ChannelRow of(Capacity capacity) {
        return channels.get(capacity.channel());
    }

    /** By how much the readings were further apart than what makes no difference. */
    Duration doubt() {
        Duration doubt = Duration.ofNanos(after - before).minus(FREE_DOUBT);
        if (doubt.isNegative()) {
            return Duration.ZERO;
        }
        return doubt.compareTo(MOST_DOUBT) < 0 ? doubt : MOST_DOUBT;
    }

    /** A slot on this process's clock. */
    Slot slot(Instant time) {
        return Slot.of(time, clock, before, after, doubt());
    }
}
