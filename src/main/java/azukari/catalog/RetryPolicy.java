package azukari.catalog;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and after what delays a failed run is retried.
 *
 * @param maxAttempts the maximum number of attempts, including the first; 1 means no retry
 * @param backoff the delay before the second attempt, positive
 * @param factor by which the delay grows with each further attempt, at least 1
 * @param maxBackoff the longest delay before jitter, at least {@code backoff} and at most 365 days
 * @param jitter the fraction by which the delay randomly varies either way, 0 to 1; 0 means none
 */
public record RetryPolicy(int maxAttempts, Duration backoff, double factor, Duration maxBackoff, double jitter) {
    private static final Duration LONGEST = Duration.ofDays(365);

    /** @throws IllegalArgumentException if a value is out of range */
    public RetryPolicy {
        require(maxAttempts >= 1, "maxAttempts must be at least 1");
        require(backoff.compareTo(Duration.ZERO) > 0, "backoff must be positive");
        require(factor >= 1 && Double.isFinite(factor), "factor must be at least 1");
        require(maxBackoff.compareTo(backoff) >= 0, "maxBackoff must not be shorter than backoff");
        require(maxBackoff.compareTo(LONGEST) <= 0, "maxBackoff must be at most 365 days");
        require(jitter >= 0 && jitter <= 1, "jitter must be between 0 and 1");
    }

    /**
     * The delay before an attempt: {@code min(maxBackoff, backoff × factor^(nextAttempt − 2))}, times a random number between
     * {@code 1 − jitter} and {@code 1 + jitter}, in whole milliseconds.
     *
     * @param nextAttempt the number of the next attempt, at least 2
     * @return never negative and never more than {@code maxBackoff × (1 + jitter)}
     * @throws IllegalArgumentException if {@code nextAttempt} is less than 2: there is no delay before the first attempt
     */
    public Duration delayBefore(int nextAttempt, RandomGenerator random) {
        require(nextAttempt >= 2, "nextAttempt must be at least 2, but is " + nextAttempt);
        // An overflowing power is infinite; the minimum below is finite again.
        double grown = backoff.toMillis() * Math.pow(factor, nextAttempt - 2.0);
        double bounded = Math.min(grown, (double) maxBackoff.toMillis());
        double moved = bounded * (1 - jitter + 2 * jitter * random.nextDouble());
        return Duration.ofMillis((long) moved);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
