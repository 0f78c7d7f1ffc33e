package azukari.api;

import azukari.catalog.Violation;
import azukari.intake.Submission;
import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads a posted event; finds everything that is wrong with its envelope at once. */
final class EventRequest {
    private static final Set<String> FIELDS = Set.of("code", "requestId", "body", "submitter", "priority", "notBefore");
    private static final int LONGEST_NAME = 200;
    private static final int DEFAULT_PRIORITY = 4;
    private static final Pattern ESCAPED = Pattern.compile("\\\\([\\\\\"])");
    /** RFC 3339, section 5.6: the seconds are always there, the offset has no seconds. */
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)");

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final String ANONYMOUS = "anonymous";

    private final JsonNode event;
    private final List<Violation> errors = new ArrayList<>();

    private EventRequest(JsonNode event) {
        this.event = event;
    }

    /**
     * Reads the event.
     *
     * @param idempotencyKeys the header's values; null or empty for none
     * @throws ProblemException 400 when it is no JSON, 422 when it is no event
     */
    static Submission read(byte[] text, List<String> idempotencyKeys) {
        JsonNode parsed;
        try {
            parsed = Json.parse(text);
        } catch (MalformedJsonException e) {
            throw new ProblemException(Problem.of(400, "malformed-json", "Malformed JSON", e.getMessage()));
        }
        return new EventRequest(parsed).submission(idempotencyKeys == null ? List.of() : idempotencyKeys);
    }

    private Submission submission(List<String> idempotencyKeys) {
        if (!event.isObject()) {
            errors.add(new Violation("", "must be an object with a 'code'"));
            throw invalid();
        }
        event.propertyNames().stream()
                .filter(name -> !FIELDS.contains(name))
                .forEach(name -> errors.add(new Violation("/" + escaped(name), "is no field of an event")));
        String code = name("code", null);
        if (code == null && errors.stream().noneMatch(e -> e.pointer().equals("/code"))) {
            errors.add(new Violation("/code", "is required"));
        }
        Submission submission = new Submission(
                code,
                requestId(idempotencyKeys),
                event.has("body") ? event.get("body") : Json.mapper().nullNode(),
                name("submitter", ANONYMOUS),
                priority(),
                notBefore());
        if (!errors.isEmpty()) {
            throw invalid();
        }
        return submission;
    }

    private String requestId(List<String> idempotencyKeys) {
        String field = name("requestId", null);
        if (idempotencyKeys.isEmpty()) {
            return field;
        }
        if (idempotencyKeys.size() > 1) {
            errors.add(new Violation("/requestId", "the header Idempotency-Key is there more than once"));
            return field;
        }
        // The header's value is a structured string (RFC 8941), in quotation marks; bare ones are common.
        String bare = idempotencyKeys.get(0).strip();
        String key = bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"")
                ? ESCAPED.matcher(bare.substring(1, bare.length() - 1)).replaceAll("$1")
                : bare;
        if (!isName(key)) {
            errors.add(new Violation(
                    "/requestId",
                    "the header Idempotency-Key must be 1 to " + LONGEST_NAME
                            + " characters without control characters"));
        } else if (field != null && !field.equals(key)) {
            errors.add(new Violation("/requestId", "differs from the header Idempotency-Key"));
        }
        return key;
    }

    private String name(String field, String byDefault) {
        JsonNode value = event.get(field);
        if (value == null || value.isNull()) {
            return byDefault;
        }
        if (!value.isString() || !isName(value.stringValue())) {
            errors.add(new Violation(
                    "/" + field,
                    "must be a string of 1 to " + LONGEST_NAME + " characters without control characters"));
            return byDefault;
        }
        return value.stringValue();
    }

    private static boolean isName(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST_NAME
                && text.codePoints().noneMatch(Character::isISOControl);
    }

    private int priority() {
        JsonNode value = event.get("priority");
        if (value == null || value.isNull()) {
            return DEFAULT_PRIORITY;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0 || value.intValue() > 9) {
            errors.add(new Violation("/priority", "must be a whole number from 0 to 9"));
            return DEFAULT_PRIORITY;
        }
        return value.intValue();
    }

    private Instant notBefore() {
        JsonNode value = event.get("notBefore");
        if (value == null || value.isNull()) {
            return null;
        }
        try {
            String text = value.isString() ? value.stringValue() : "";
            if (!TIME.matcher(text).matches()) {
                throw new DateTimeException("of another form");
            }
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                throw new DateTimeException("out of range");
            }
            return time;
        } catch (DateTimeException e) {
            errors.add(new Violation("/notBefore", "must be a time as in RFC 3339, such as 2030-01-31T08:00:00Z"));
            return null;
        }
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private ProblemException invalid() {
        return new ProblemException(
                new Problem(422, "invalid-event", "Not a valid event", "the event is not as it should be", errors));
    }
}
