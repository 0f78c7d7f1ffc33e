package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WaitPreferenceTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            wait=10                                     | 10
            WAIT = 10                                   | 10
            wait="10"                                   | 10
            wait=0                                      | 0
            wait=007                                    | 7
            wait=60                                     | 60
            wait=100                                    | 60
            wait=99999999999999999999                   | 60
            respond-async, wait=5                       | 5
            foo; bar; baz="a, b", wait=5; x=y           | 5
            return=minimal; foo="some \\" parameter", wait=3 | 3
            wait=5, wait=9                              | 5
            """)
    void a_wait_preference_is_read(String line, int seconds) {
        assertThat(WaitPreference.read(List.of(line))).hasValueSatisfying(preference -> assertThat(preference.longest())
                .isEqualTo(Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "wait",
                "wait=",
                "wait=x",
                "wait=-1",
                "wait=1.5",
                "wait=1s",
                "wait=1 2",
                "wait=\"\"",
                "await=5",
                "x=\"wait=5\"",
                "wait=x, wait=5"
            })
    void an_unintelligible_preference_is_ignored(String line) {
        assertThat(WaitPreference.read(List.of(line))).isEmpty();
    }

    @Test
    void several_lines_form_one_list() {
        assertThat(WaitPreference.read(List.of("respond-async", "wait=5"))
                        .orElseThrow()
                        .applied())
                .isEqualTo("wait=5");
        assertThat(WaitPreference.read(null)).isEmpty();
    }

    @Test
    void a_long_header_is_read_quickly() {
        assertThat(WaitPreference.read(List.of("a;".repeat(4000) + "@"))).isEmpty();
        assertThat(WaitPreference.read(List.of("a=\"" + "\\".repeat(7999)))).isEmpty();
    }
}
