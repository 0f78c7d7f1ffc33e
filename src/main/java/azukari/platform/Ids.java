package azukari.platform;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * Generates ids: UUID version 7 (RFC 9562, section 5.7), ordered by time, so that new rows go to the end of an index.
 *
 * <p>Within one process, ids grow strictly: the 12 bits of {@code rand_a} count within a millisecond (RFC 9562, section
 * 6.2, method 1), and if they run out, or the clock goes back, counting continues from the last timestamp.
 */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int COUNTER_BITS = 12;

    /** The last (millisecond, counter) pair given out, as one number: milliseconds in the high 52 bits. */
    private static long last;

    private Ids() {}

    /** A new id, greater than every id that this process has generated before. */
    public static UUID next() {
        long stamp = nextStamp(System.currentTimeMillis());
        long millis = stamp >>> COUNTER_BITS;
        long counter = stamp & ((1L << COUNTER_BITS) - 1);
        long high = (millis << 16) | 0x7000L | counter;
        long low = (RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    private static synchronized long nextStamp(long nowMillis) {
        last = Math.max(last + 1, nowMillis << COUNTER_BITS);
        return last;
    }
}
