package azukari.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a run is expected to take, by those before it. */
class RunTimesTest {
    private static final String CODE = "NOOP";

    private final RunTimes times = new RunTimes();

    @Test
    void nobody_knows_how_long_what_never_ran_will_take() {
        assertThat(times.expected(CODE)).isInfinite();
    }

    @Test
    void the_first_run_is_believed() {
        note(300);

        assertThat(times.expected(CODE)).isEqualTo(300_000);
    }

    @Test
    void a_longer_run_counts_half_and_a_shorter_one_a_tenth() {
        note(100);
        note(300);
        assertThat(times.expected(CODE)).isEqualTo(200_000);

        note(100);
        assertThat(times.expected(CODE)).isEqualTo(190_000);
    }

    @Test
    void many_short_runs_make_a_long_one_forgotten() {
        note(1_000_000);
        for (int i = 0; i < 100; i++) {
            note(50);
        }

        assertThat(times.expected(CODE)).isLessThan(100_000);
    }

    @Test
    void each_event_type_has_its_own() {
        note(100);

        assertThat(times.expected("OTHER")).isInfinite();
    }

    private void note(long micros) {
        times.note(CODE, Duration.ofNanos(micros * 1_000));
    }
}
