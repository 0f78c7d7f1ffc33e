package azukari.platform;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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

    /**
     * The id of something that is known by its name: the same on every node (RFC 9562, section 5.8, version 8, from a SHA-256).
     *
     * @param parts of the name; differently divided, it is another name
     */
    public static UUID named(String... parts) {
        MessageDigest digest = sha256();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        long high = (hash.getLong() & 0xffff_ffff_ffff_0fffL) | 0x8000L;
        long low = (hash.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
