package azukari.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "30s,PT30S", "5m,PT5M", "2h,PT2H", "7d,P7D", "0s,PT0S", "007s,PT7S"})
    void a_whole_number_with_a_unit_is_read(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "30",
                "s",
                "-1s",
                "+1s",
                "1.5s",
                "1 s",
                " 1s",
                "1S",
                "1w",
                "1h30m",
                "PT1S",
                "1234567890123s",
                "٣s"
            })
    void every_other_form_is_refused(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text
                        + "' is not a valid duration: write a whole number and one of ms, s, m, h, d, such as 30s");
    }

    @ParameterizedTest
    @CsvSource({"0ms,0s", "1500ms,1500ms", "2000ms,2s", "59s,59s", "60s,1m", "90s,90s", "90m,90m", "48h,2d", "25h,25h"})
    void the_largest_unit_that_fits_is_written(String text, String written) {
        assertThat(Durations.format(Durations.parse(text))).isEqualTo(written);
    }

    @Test
    void a_written_duration_reads_back_unchanged() {
        for (String unit : new String[] {"ms", "s", "m", "h", "d"}) {
            for (long count = 1; count < 1_000_000_000_000L; count = count * 7 + 3) {
                Duration duration = Durations.parse(count + unit);
                assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1S", "PT0.0001S", "PT-0.5S", "PT1000000000000.001S", "PT1000000000001S"})
    void a_duration_that_could_not_be_read_back_is_not_written(Duration duration) {
        assertThatThrownBy(() -> Durations.format(duration))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(duration + " can't be written as a whole number of ms, s, m, h or d");
    }
}
