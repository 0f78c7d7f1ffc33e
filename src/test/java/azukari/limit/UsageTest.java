package azukari.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UsageTest {
    private static final Usage NONE = new Usage(null, 0, 0);
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void a_capacity_that_was_never_used_has_no_calls_per_second() {
        assertThat(NONE.perSecond(START)).isZero();
    }

    @Test
    void steady_calls_are_told_at_any_time_of_the_window() {
        Usage usage = NONE;
        for (int i = 0; i < 100; i++) {
            Instant now = at(i * 500L);
            usage = usage.next(now);
            if (i > 40) {
                assertThat(usage.perSecond(now)).isCloseTo(2, within(0.2));
            }
        }
    }

    @Test
    void calls_that_end_are_forgotten_within_two_windows() {
        Usage usage = NONE;
        for (int i = 0; i < 40; i++) {
            usage = usage.next(at(i * 500L));
        }
        assertThat(usage.perSecond(at(25_000))).isCloseTo(1, within(0.2));
        assertThat(usage.perSecond(at(30_000))).isZero();
        assertThat(usage.next(at(60_000)).perSecond(at(60_000))).isCloseTo(0.1, within(0.001));
    }

    private static Instant at(long millis) {
        return START.plus(Duration.ofMillis(millis));
    }
}
