package azukari.platform;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The short wait after a batch in a stream: what comes meanwhile shares the cost of the next batch (ADR 0023). The denser the
 * stream, the longer; what comes alone is not waited after.
 */
public final class Gathering {
    /** A batch of at least this many jobs indicates a stream. */
    private static final int STREAM = 4;

    private static final Duration LONGEST = Duration.ofMillis(20);

    private Gathering() {}

    /** Waits a millisecond for each job of the last batch, 20 at the most; not at all if there were fewer than four. */
    public static void after(int jobs) {
        if (jobs >= STREAM) {
            LockSupport.parkNanos(Math.min(Duration.ofMillis(jobs).toNanos(), LONGEST.toNanos()));
        }
    }
}
