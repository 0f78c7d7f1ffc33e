package azukari.catalog;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often, and after what delays, a run that failed is repeated.
 *
 * @param maxAttempts how many runs may count as attempts, the first included; 1: no retry
 * @param backoff the delay before the second attempt, positive
 * @param factor by how much the delay grows with each further attempt, at least 1
 * @param maxBackoff the longest delay before jitter, at least {@code backoff} and at most 365 days
 * @param jitter the part of the delay by which chance moves it either way, 0 to 1; 0: none
 */
public record RetryPolicy(int maxAttempts, Duration backoff, double factor, Duration maxBackoff, double jitter) {
    private static final Duration LONGEST = Duration.ofDays(365);

    /** @throws IllegalArgumentException when a value is out of its bounds */
    public RetryPolicy {
        require(maxAttempts >= 1, "maxAttempts must be at least 1");
        require(backoff.compareTo(Duration.ZERO) > 0, "backoff must be positive");
        require(factor >= 1 && Double.isFinite(factor), "factor must be at least 1");
        require(maxBackoff.compareTo(backoff) >= 0, "maxBackoff must not be shorter than backoff");
        require(maxBackoff.compareTo(LONGEST) <= 0, "maxBackoff must be at most 365 days");
        require(jitter >= 0 && jitter <= 1, "jitter must be between 0 and 1");
    }

    /**
     * The delay before an attempt: {@code min(maxBackoff, backoff × factor^(nextAttempt − 2))}, times a chance between
     * {@code 1 − jitter} and {@code 1 + jitter}, in whole milliseconds.
     *
     * @param nextAttempt the number of the attempt to come, at least 2
     * @return never negative and never more than {@code maxBackoff × (1 + jitter)}
     * @throws IllegalArgumentException when {@code nextAttempt} is below 2: the first attempt waits for nothing
     */
    public Duration delayBefore(int nextAttempt, RandomGenerator random) {
        require(nextAttempt >= 2, "the first attempt has no back-off: attempt " + nextAttempt);
        // Too large a power is infinite, which the smaller of the two is not.
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
