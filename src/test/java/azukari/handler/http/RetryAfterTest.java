package azukari.handler.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final Instant LATEST = NOW.plus(Duration.ofDays(30));

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", " 120 ,120", "0000000000000120,120", "2592000,2592000"})
    void seconds_count_from_now(String value, long seconds) {
        assertThat(RetryAfter.read(value, NOW)).contains(NOW.plusSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2592001", "999999999", "10000000000", "99999999999", "99999999999999999999"})
    void more_than_a_month_is_a_month(String value) {
        assertThat(RetryAfter.read(value, NOW)).contains(LATEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Fri, 27 Nov 2026 12:01:00 GMT",
                "Friday, 27-Nov-26 12:01:00 GMT",
                "Fri Nov 27 12:01:00 2026",
                "fri, 27 nov 2026 12:01:00 gmt"
            })
    void each_form_of_a_date_is_understood(String value) {
        assertThat(RetryAfter.read(value, NOW)).contains(NOW.plusSeconds(60));
    }

    @Test
    void a_day_of_one_digit_is_padded_in_one_form() {
        assertThat(RetryAfter.read("Thu Dec  3 12:00:00 2026", NOW)).contains(NOW.plus(Duration.ofDays(6)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Fri, 27 Nov 2026 11:59:59 GMT",
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "Wed, 31 Dec 1969 23:59:59 GMT"
            })
    void what_is_past_is_now(String value) {
        assertThat(RetryAfter.read(value, NOW)).contains(NOW);
    }

    @ParameterizedTest
    @CsvSource({"'Monday, 01-Jan-74 00:00:00 GMT',true", "'Monday, 01-Jan-79 00:00:00 GMT',false"})
    void a_year_of_two_digits_is_the_next_fifty_years_or_past(String value, boolean ahead) {
        assertThat(RetryAfter.read(value, NOW)).contains(ahead ? LATEST : NOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "1e3", "Fri, 31 Feb 2026", "Fri, 27 Nov 2026 12:01:00 CET", "２"})
    void anything_else_is_ignored(String value) {
        assertThat(RetryAfter.read(value, NOW)).isEmpty();
    }
}
