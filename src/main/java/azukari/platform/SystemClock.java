package azukari.platform;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Reads the machine's clock. */
public final class SystemClock {
    private SystemClock() {}

    /** UTC in microseconds, the precision that the databases keep: what is stored reads back the same. */
    public static Clock utc() {
        return new MicrosecondClock(Clock.systemUTC());
    }

    /** Not {@link Clock#tick}, whose {@code millis()} divides by zero when a tick is shorter than a millisecond. */
    private static final class MicrosecondClock extends Clock {
        private final Clock machine;

        MicrosecondClock(Clock machine) {
            this.machine = machine;
        }

        @Override
        public ZoneId getZone() {
            return machine.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return zone.equals(ZoneOffset.UTC) ? this : new MicrosecondClock(machine.withZone(zone));
        }

        @Override
        public Instant instant() {
            return machine.instant().truncatedTo(ChronoUnit.MICROS);
        }
    }
}
