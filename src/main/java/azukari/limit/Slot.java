package azukari.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;

/**
 * When a call may begin, on this process's own monotonic clock: clocks of different machines are never compared. The database
 * said how far ahead the slot was at an instant between two readings of {@link System#nanoTime}; the slot counts from the later
 * reading, so that no call is early, and is missed by the earlier one.
 *
 * @param begin the earliest beginning
 * @param latest the latest beginning
 * @param upTo the latest time by the database's clock that it may stand for; null for a call that nothing limits
 */
public record Slot(long begin, long latest, Instant upTo) {
    /** The earliest first. */
    public static final Comparator<Slot> IN_ORDER = (one, other) -> Long.signum(one.begin - other.begin);

    /** From taking a slot to its time, at least: the commit has to be through by then. */
    public static final Duration LEAD = Duration.ofMillis(10);

    /** The most that is asked for when slots are missed; see {@link Pace#LONGEST_PUT_OFF}. */
    public static final Duration LONGEST_LEAD = LEAD.multipliedBy(32);

    /** How long before its slot a call is prepared: the request is made, and a connection taken. */
    private static final Duration PREPARATION = Duration.ofMillis(15);

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

    /** How long it is until the earliest beginning, in nanoseconds; 0 once it has come. */
    public long ahead() {
        return Math.max(0, begin - System.nanoTime());
    }

    /** Waits for the slot; returns whether it is still to be had then. */
    public boolean await() throws InterruptedException {
        sleepUntil(begin);
        return System.nanoTime() - latest <= 0;
    }

    /** Waits until a call may be prepared. */
    public void awaitPreparation() throws InterruptedException {
        sleepUntil(begin - PREPARATION.toNanos());
    }

    private static void sleepUntil(long time) throws InterruptedException {
        long left = time - System.nanoTime();
        while (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
            left = time - System.nanoTime();
        }
    }
}
