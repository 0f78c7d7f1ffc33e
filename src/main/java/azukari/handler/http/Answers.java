package azukari.handler.http;

import azukari.handler.Outcome;
import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import azukari.platform.Texts;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** Maps a response's status to the outcome of the run (RFC 9110, section 15; RFC 6585 for 429). */
final class Answers {
    private static final int MAX_QUOTED = 200;
    private static final int MAX_CODING = 30;
    /** The delay after a 429 without {@code Retry-After}. */
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(5);

    private final String target;
    private final JsonPointer part;
    private final Clock clock;

    /**
     * @param target what is called, for messages
     * @param part a JSON Pointer to what is kept of an answer; null for all of it
     */
    Answers(String target, String part, Clock clock) {
        this.target = target;
        this.part = part == null ? JsonPointer.empty() : JsonPointer.compile(part);
        this.clock = clock;
    }

    Outcome outcome(HttpResponse<LimitedBody.Text> answer) {
        int status = answer.statusCode();
        if (status >= 200 && status < 300) {
            return succeeded(answer);
        }
        Optional<Instant> retryAfter = answer.headers()
                .firstValue("Retry-After")
                .flatMap(value -> RetryAfter.read(value, clock.instant()))
                .or(() -> closedUntil(answer));
        String message = target + " responded with status " + status + quoted(answer.body());
        if (status == 429) {
            return Outcome.throttled(retryAfter.orElseGet(() -> clock.instant().plus(DEFAULT_WAIT)), message);
        }
        if (status == 503 && retryAfter.isPresent()) {
            return Outcome.throttled(retryAfter.get(), message);
        }
        if (status == 408 || status == 425 || status >= 500) {
            return Outcome.retry(message);
        }
        return Outcome.rejected(message);
    }

    /** Until when the answer's rate limit fields allow no call; empty if they do. */
    Optional<Instant> closedUntil(HttpResponse<?> answer) {
        return RateLimits.pause(answer.headers()).map(clock.instant()::plus);
    }

    Outcome.Succeeded succeeded(HttpResponse<LimitedBody.Text> answer) {
        return Outcome.succeeded(result(answer));
    }

    /** What the answer says, if that is JSON; null if it says nothing else than that the work is done. */
    private JsonNode result(HttpResponse<LimitedBody.Text> answer) {
        LimitedBody.Text body = answer.body();
        if (!isJson(answer) || body.text().isBlank()) {
            return null;
        }
        Optional<String> coding = answer.headers()
                .firstValue("Content-Encoding")
                .map(String::strip)
                .filter(name -> !name.isEmpty() && !name.equalsIgnoreCase("identity"));
        if (coding.isPresent()) {
            return omitted("the answer was encoded as " + Texts.shortened(coding.get(), MAX_CODING)
                    + ", although it was asked for unencoded");
        }
        if (!body.whole()) {
            return omitted("the answer was longer than " + LimitedBody.MAX_BYTES + " bytes");
        }
        try {
            JsonNode kept = Json.parse(body.text()).at(part);
            return kept.isMissingNode() ? omitted("the answer has nothing at " + part) : kept;
        } catch (MalformedJsonException e) {
            // The status says that the work is done. A body that is not JSON after all is simply not a result.
            return e.isJson() ? omitted("the answer cannot be kept: " + e.getMessage()) : null;
        }
    }

    private static boolean isJson(HttpResponse<LimitedBody.Text> answer) {
        return answer.headers()
                .firstValue("Content-Type")
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .filter(type -> type.equals("application/json") || type.endsWith("+json"))
                .isPresent();
    }

    private static JsonNode omitted(String reason) {
        return Json.object().put("omitted", reason);
    }

    private static String quoted(LimitedBody.Text body) {
        String text = body.text().strip();
        if (text.isEmpty()) {
            return "";
        }
        return ": " + Texts.shortened(text, MAX_QUOTED);
    }
}
