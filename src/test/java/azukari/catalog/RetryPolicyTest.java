package azukari.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
    /** Leaves every delay where it is. */
    private static final RandomGenerator MIDDLE = new Fixed(0.5);

    @ParameterizedTest
    @CsvSource({"2,1s", "3,2s", "4,4s", "5,8s", "10,256s", "11,5m", "12,5m", "2147483647,5m"})
    void the_delay_grows_up_to_its_maximum(int nextAttempt, String delay) {
        RetryPolicy policy = new RetryPolicy(5, Duration.ofSeconds(1), 2, Duration.ofMinutes(5), 0.2);
        assertThat(policy.delayBefore(nextAttempt, MIDDLE)).isEqualTo(azukari.platform.Durations.parse(delay));
    }

    @Test
    void jitter_varies_the_delay_either_way() {
        RetryPolicy policy = new RetryPolicy(5, Duration.ofSeconds(10), 2, Duration.ofMinutes(5), 0.2);
        assertThat(policy.delayBefore(2, new Fixed(0))).isEqualTo(Duration.ofSeconds(8));
        assertThat(policy.delayBefore(2, new Fixed(Math.nextDown(1.0))))
                .isBetween(Duration.ofMillis(11_999), Duration.ofSeconds(12));
    }

    @Test
    void the_delay_is_never_negative_and_never_beyond_maximum_plus_jitter() {
        Random random = new Random(20_260_101);
        for (int i = 0; i < 200_000; i++) {
            Duration backoff = Duration.ofMillis(
                    1 + (long) (random.nextDouble() * Duration.ofDays(30).toMillis()));
            Duration maxBackoff = backoff.plusMillis(
                    (long) (random.nextDouble() * Duration.ofDays(300).toMillis()));
            double factor = 1 + Math.pow(10, random.nextInt(308)) * random.nextDouble();
            double jitter = random.nextInt(4) == 0 ? 1 : random.nextDouble();
            int nextAttempt = 2 + random.nextInt(random.nextBoolean() ? 10 : Integer.MAX_VALUE - 2);
            RetryPolicy policy = new RetryPolicy(1000, backoff, factor, maxBackoff, jitter);

            Duration delay = policy.delayBefore(nextAttempt, random);

            assertThat(delay.isNegative())
                    .as("%s before %d", policy, nextAttempt)
                    .isFalse();
            assertThat(delay.toMillis()).as("%s before %d", policy, nextAttempt).isLessThanOrEqualTo((long)
                    (maxBackoff.toMillis() * (1 + jitter)));
        }
    }

    @Test
    void the_delay_never_shrinks_without_jitter() {
        RetryPolicy policy = new RetryPolicy(1000, Duration.ofMillis(1), 1.1, Duration.ofDays(1), 0);
        for (int attempt = 2; attempt < 1000; attempt++) {
            assertThat(policy.delayBefore(attempt + 1, MIDDLE))
                    .isGreaterThanOrEqualTo(policy.delayBefore(attempt, MIDDLE));
        }
    }

    @Test
    void there_is_no_delay_before_the_first_attempt() {
        RetryPolicy policy = new RetryPolicy(5, Duration.ofSeconds(1), 2, Duration.ofMinutes(5), 0);
        assertThatThrownBy(() -> policy.delayBefore(1, MIDDLE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nextAttempt must be at least 2, but is 1");
    }

    @ParameterizedTest
    @CsvSource({
        "0,PT1S,2,PT5M,0.2,maxAttempts must be at least 1",
        "1,PT0S,2,PT5M,0.2,backoff must be positive",
        "1,PT1S,0.9,PT5M,0.2,factor must be at least 1",
        "1,PT1S,NaN,PT5M,0.2,factor must be at least 1",
        "1,PT1S,Infinity,PT5M,0.2,factor must be at least 1",
        "1,PT1S,2,PT0.5S,0.2,maxBackoff must not be shorter than backoff",
        "1,PT1S,2,P366D,0.2,maxBackoff must be at most 365 days",
        "1,PT1S,2,PT5M,1.1,jitter must be between 0 and 1",
        "1,PT1S,2,PT5M,NaN,jitter must be between 0 and 1"
    })
    void values_out_of_range_are_refused(
            int max, Duration backoff, double factor, Duration most, double jitter, String why) {
        assertThatThrownBy(() -> new RetryPolicy(max, backoff, factor, most, jitter))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    private record Fixed(double value) implements RandomGenerator {
        @Override
        public double nextDouble() {
            return value;
        }

        @Override
        public long nextLong() {
            throw new UnsupportedOperationException("only nextDouble is fixed");
        }
    }
}
