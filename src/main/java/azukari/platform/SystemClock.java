package azukari.platform;

import java.time.Clock;
import java.time.Duration;

/** Where the machine's clock is read. */
public final class SystemClock {
    private SystemClock() {}

    /** UTC in microseconds, which is what the databases keep: what is stored reads back the same. */
    public static Clock utc() {
        return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000));
    }
}
