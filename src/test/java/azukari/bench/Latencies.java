package azukari.bench;

import java.util.Arrays;

/** Durations in nanoseconds, many of them. */
final class Latencies {
    private static final double NANOS_PER_MILLI = 1e6;

    private long[] nanos = new long[1 << 16];
    private int count;

    void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = duration;
    }

    void addAll(Latencies more) {
        for (int i = 0; i < more.count; i++) {
            add(more.nanos[i]);
        }
    }

    int count() {
        return count;
    }

    /**
     * The duration that this share of all does not exceed, in milliseconds.
     *
     * @param share from 0 to 1
     */
    double millis(double share) {
        if (count == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        Arrays.sort(nanos, 0, count);
        return nanos[Math.min(count - 1, (int) (share * count))] / NANOS_PER_MILLI;
    }
}
