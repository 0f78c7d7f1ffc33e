package azukari.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * When a call may begin, on this process's own monotonic clock: clocks of different machines are never compared. The database
 * said how far ahead the slot was at an instant between two readings of {@link System#nanoTime}; the slot counts from the later
 * reading, so that no call is early, and is missed by the earlier one.
 *
 * @param begin the earliest beginning
 * @param latest the latest beginning
 * @param upTo the database's time for it, or how much later that may be; null for a call that nothing limits
 */
public record Slot(long begin, long latest, Instant upTo) {
    /** From taking a slot to its time, at least: the commit has to be through by then. */
    public static final Duration LEAD = Duration.ofMillis(10);

    /** @param doubt how much later than the slots say a call may begin, as the slots after it are put off by as much */
    static Slot of(Instant slot, Instant clock, long before, long after, Duration doubt) {
        Duration ahead = Duration.between(clock, slot);
        return new Slot(
                after + ahead.toNanos(),
                before + ahead.plus(Pace.LATENESS).plus(doubt).toNanos(),
                slot.plus(doubt));
    }

    /** For a call that nothing limits. */
    public static Slot now() {
        return new Slot(System.nanoTime(), System.nanoTime() + Long.MAX_VALUE / 2, null);
    }

    /** Waits for the slot; returns whether it is still to be had then. */
    public boolean await() throws InterruptedException {
        long left = begin - System.nanoTime();
        while (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
            left = begin - System.nanoTime();
        }
        return System.nanoTime() - latest <= 0;
    }
}
