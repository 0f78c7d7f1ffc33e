package azukari.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class SystemClockTest {
    private final Clock clock = SystemClock.utc();

    @Test
    void the_time_is_in_whole_microseconds() {
        for (int i = 0; i < 1000; i++) {
            Instant now = clock.instant();
            assertThat(now).isEqualTo(now.truncatedTo(ChronoUnit.MICROS));
        }
    }

    @Test
    void the_time_in_milliseconds_is_the_same() {
        assertThat(clock.millis())
                .isBetween(
                        clock.instant().toEpochMilli() - 60_000, clock.instant().toEpochMilli());
    }

    @Test
    void the_zone_is_utc_unless_another_is_requested() {
        assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
        assertThat(clock.withZone(ZoneId.of("Asia/Tokyo")).getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
    }
}
