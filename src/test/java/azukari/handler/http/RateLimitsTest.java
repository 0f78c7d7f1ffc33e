package azukari.handler.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitsTest {
    private static long pause(String limit, String policy) {
        HttpHeaders headers = HttpHeaders.of(
                Map.of(
                        "RateLimit", limit == null ? List.of() : List.of(limit),
                        "RateLimit-Policy", policy == null ? List.of() : List.of(policy)),
                (name, value) -> true);
        return RateLimits.pause(headers).map(time -> time.toSeconds()).orElse(0L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "default";r=0;t=30                        |                                     | 30
            "default"; r=0; t=30                      |                                     | 30
            "hour";r=7;t=900, "second";r=0;t=1        |                                     | 1
            "hour";r=0;t=900, "second";r=0;t=1        |                                     | 900
            "user";r=0;pk=:cHJpdmF0ZQ==:;t=5          |                                     | 5
            "minute";r=0                              | "hour";q=9;w=3600, "minute";q=2;w=60 | 60
            "minute";r=0                              | "hour";q=9;w=3600                   | 0
            limit=10, remaining=0, reset=45           |                                     | 45
            limit=10, remaining=3, reset=45           |                                     | 0
            "default";r=1;t=30                        |                                     | 0
            "default";t=30                            |                                     | 0
            "default";r=0;t=0                         |                                     | 0
            "default";r=0;t=-5                        |                                     | 0
            "default";r=0;t=99999999999999999999      |                                     | 0
            nonsense                                  | nonsense                            | 0
                                                      |                                     | 0
            """)
    void a_pause_is_read_where_no_call_is_left(String limit, String policy, long seconds) {
        assertThat(pause(limit, policy)).isEqualTo(seconds);
    }

    @Test
    void several_lines_are_one_list() {
        HttpHeaders headers =
                HttpHeaders.of(Map.of("RateLimit", List.of("\"a\";r=5;t=10", "\"b\";r=0;t=20")), (name, value) -> true);

        assertThat(RateLimits.pause(headers))
                .hasValueSatisfying(time -> assertThat(time.toSeconds()).isEqualTo(20));
    }
}
