package azukari.handler.http;

import azukari.handler.Outcome;
import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Maps a response's status to the outcome of the run (RFC 9110, section 15; RFC 6585 for 429). */
final class Answers {
    private static final int MAX_QUOTED = 200;
    private static final Duration LONGEST_WAIT = Duration.ofDays(30);
    /** The delay after a 429 without {@code Retry-After}. */
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(5);

    private final Clock clock;

    Answers(Clock clock) {
        this.clock = clock;
    }

    Outcome outcome(HttpResponse<LimitedBody.Text> answer) {
        int status = answer.statusCode();
        if (status >= 200 && status < 300) {
            return Outcome.succeeded(result(answer));
        }
        Optional<Instant> retryAfter =
                answer.headers().firstValue("Retry-After").flatMap(this::time);
        String message = answer.uri() + " responded with status " + status + quoted(answer.body());
        if (status == 429) {
            return Outcome.snooze(retryAfter.orElseGet(() -> clock.instant().plus(DEFAULT_WAIT)), message);
        }
        if (status == 503 && retryAfter.isPresent()) {
            return Outcome.snooze(retryAfter.get(), message);
        }
        if (status == 408 || status == 425 || status >= 500) {
            return Outcome.retry(message);
        }
        return Outcome.rejected(message);
    }

    /** Parses {@code Retry-After}: seconds or an HTTP date (RFC 9110, section 10.2.3); anything else is ignored. */
    private Optional<Instant> time(String value) {
        Instant now = clock.instant();
        Instant latest = now.plus(LONGEST_WAIT);
        try {
            Instant asked = value.strip().matches("\\d{1,9}")
                    ? now.plusSeconds(Long.parseLong(value.strip()))
                    : Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value.strip()));
            return Optional.of(asked.isAfter(latest) ? latest : asked);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static JsonNode result(HttpResponse<LimitedBody.Text> answer) {
        boolean json = answer.headers()
                .firstValue("Content-Type")
                .map(type -> type.split(";", 2)[0].strip())
                .filter(type -> type.equals("application/json") || type.endsWith("+json"))
                .isPresent();
        if (!json || !answer.body().whole() || answer.body().text().isBlank()) {
            return null;
        }
        try {
            return Json.parse(answer.body().text());
        } catch (MalformedJsonException e) {
            // The status says that the work is done; a body that is not JSON after all is simply not a result.
            return null;
        }
    }

    private static String quoted(LimitedBody.Text body) {
        String text = body.text().strip();
        if (text.isEmpty()) {
            return "";
        }
        return ": " + (text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…");
    }
}
