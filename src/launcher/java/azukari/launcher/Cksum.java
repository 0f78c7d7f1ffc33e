package azukari.launcher;

/** The checksum that the POSIX command {@code cksum} prints. */
final class Cksum {
    private static final int POLYNOMIAL = 0x04C11DB7;

    private Cksum() {}

    /** The bytes first, then their number, least significant byte first, without leading zeros. */
    static long of(byte[] bytes) {
        int sum = 0;
        for (byte each : bytes) {
            sum = add(sum, each);
        }
        for (int length = bytes.length; length != 0; length >>>= Byte.SIZE) {
            sum = add(sum, length);
        }
        return Integer.toUnsignedLong(~sum);
    }

    private static int add(int sum, int next) {
        int result = sum ^ (next << 24);
        for (int bit = 0; bit < Byte.SIZE; bit++) {
            result = result < 0 ? (result << 1) ^ POLYNOMIAL : result << 1;
        }
        return result;
    }
}
