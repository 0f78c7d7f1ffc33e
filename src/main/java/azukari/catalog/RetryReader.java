package azukari.catalog;

import azukari.platform.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads the field {@code retry}. */
final class RetryReader {
    private static final String POINTER = "/retry";
    private static final int DEFAULT_ATTEMPTS = 5;
    private static final int MAX_ATTEMPTS = 1000;
    private static final Duration DEFAULT_BACKOFF = Duration.ofSeconds(1);
    private static final Duration DEFAULT_MAX_BACKOFF = Duration.ofMinutes(5);
    private static final Duration LONGEST_BACKOFF = Duration.ofDays(30);
    private static final double DEFAULT_FACTOR = 2;
    private static final double GREATEST_FACTOR = 100;
    private static final double DEFAULT_JITTER = 0.2;

    private final Report report;

    RetryReader(Report report) {
        this.report = report;
    }

    /**
     * @param retry the field, if given
     * @param retries {@code handler.http.retries}, if given: a shorthand for maxAttempts
     */
    Optional<RetryPolicy> read(Optional<JsonNode> retry, Optional<Integer> retries) {
        int attempts = retries.map(number -> number + 1).orElse(DEFAULT_ATTEMPTS);
        if (retry.isEmpty()) {
            return Optional.of(
                    new RetryPolicy(attempts, DEFAULT_BACKOFF, DEFAULT_FACTOR, DEFAULT_MAX_BACKOFF, DEFAULT_JITTER));
        }
        Optional<Fields> fields = Fields.of(
                retry.get(), POINTER, report, List.of("maxAttempts", "backoff", "factor", "maxBackoff", "jitter"));
        return fields.flatMap(found -> read(found, retries, attempts));
    }

    private Optional<RetryPolicy> read(Fields fields, Optional<Integer> retries, int attempts) {
        if (retries.isPresent() && fields.has("maxAttempts")) {
            report.refuse(
                    "/handler/http/retries",
                    "conflicts with /retry/maxAttempts, which is retries + 1: set only one of them");
        }
        int maxAttempts = fields.wholeNumber("maxAttempts", 1, MAX_ATTEMPTS).orElse(attempts);
        Duration backoff = fields.duration("backoff", LONGEST_BACKOFF).orElse(DEFAULT_BACKOFF);
        Optional<Duration> given = fields.duration("maxBackoff", LONGEST_BACKOFF);
        double factor = fields.number("factor", 1, GREATEST_FACTOR).orElse(DEFAULT_FACTOR);
        double jitter = fields.number("jitter", 0, 1).orElse(DEFAULT_JITTER);
        Duration maxBackoff = given.orElse(longer(DEFAULT_MAX_BACKOFF, backoff));
        if (maxBackoff.compareTo(backoff) < 0) {
            fields.refuse("maxBackoff", "must not be shorter than backoff, which is " + Durations.format(backoff));
            return Optional.empty();
        }
        return Optional.of(new RetryPolicy(maxAttempts, backoff, factor, maxBackoff, jitter));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
