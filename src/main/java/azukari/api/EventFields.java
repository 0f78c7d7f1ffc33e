package azukari.api;

import azukari.catalog.Violation;
import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The members of a posted event, whatever its form calls them; notes all that is wrong with them. */
final class EventFields {
    static final int LONGEST_NAME = 200;

    private static final String ANONYMOUS = "anonymous";
    private static final int DEFAULT_PRIORITY = 4;
    private static final Pattern ESCAPED = Pattern.compile("\\\\([\\\\\"])");
    /** RFC 3339, section 5.6: the seconds are always there, the offset has no seconds. */
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)");

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private final JsonNode event;
    private final List<Violation> errors = new ArrayList<>();

    private EventFields(JsonNode event) {
        this.event = event;
    }

    /**
     * Parses the text.
     *
     * @param required the member that an event can't do without, for the message
     * @throws ProblemException 400 when it is no JSON, 422 when it is no object
     */
    static EventFields parse(byte[] text, String required) {
        JsonNode parsed;
        try {
            parsed = Json.parse(text);
        } catch (MalformedJsonException e) {
            throw new ProblemException(Problem.of(400, "malformed-json", "Malformed JSON", e.getMessage()));
        }
        EventFields fields = new EventFields(parsed);
        if (!parsed.isObject()) {
            fields.refuse("", "must be an object with a '" + required + "'");
            fields.check();
        }
        return fields;
    }

    void refuse(String pointer, String detail) {
        errors.add(new Violation(pointer, detail));
    }

    void refuseMember(String name, String detail) {
        refuse("/" + name.replace("~", "~0").replace("/", "~1"), detail);
    }

    /** @throws ProblemException 422 when anything was refused */
    void check() {
        if (!errors.isEmpty()) {
            throw new ProblemException(
                    new Problem(422, "invalid-event", "Not a valid event", "the event is not as it should be", errors));
        }
    }

    List<String> names() {
        return List.copyOf(event.propertyNames());
    }

    /** Null when it is not there, or is JSON's null. */
    JsonNode get(String field) {
        JsonNode value = event.get(field);
        return value == null || value.isNull() ? null : value;
    }

    /** JSON's null when it is not there. */
    JsonNode body(String field) {
        return event.has(field) ? event.get(field) : Json.mapper().nullNode();
    }

    /** A name that must be there; null when it is not, which is noted. */
    String required(String field) {
        if (get(field) == null) {
            refuse("/" + field, "is required");
        }
        return name(field, null);
    }

    String name(String field, String byDefault) {
        JsonNode value = get(field);
        if (value == null) {
            return byDefault;
        }
        if (!value.isString() || !isName(value.stringValue())) {
            refuse("/" + field, "must be a string of 1 to " + LONGEST_NAME + " characters without control characters");
            return byDefault;
        }
        return value.stringValue();
    }

    String submitter() {
        return name("submitter", ANONYMOUS);
    }

    int priority() {
        JsonNode value = get("priority");
        if (value == null) {
            return DEFAULT_PRIORITY;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0 || value.intValue() > 9) {
            refuse("/priority", "must be a whole number from 0 to 9");
            return DEFAULT_PRIORITY;
        }
        return value.intValue();
    }

    /** Null when it is not there. */
    Instant time(String field) {
        JsonNode value = get(field);
        if (value == null) {
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
            refuse("/" + field, "must be a time as in RFC 3339, such as 2030-01-31T08:00:00Z");
            return null;
        }
    }

    /**
     * The event's requestId: its own, or the header's where it has none.
     *
     * @param own null for none
     * @param pointer where its own stands
     * @param idempotencyKeys the header's values; null or empty for none
     */
    String requestId(String own, String pointer, List<String> idempotencyKeys) {
        if (idempotencyKeys == null || idempotencyKeys.isEmpty()) {
            return own;
        }
        if (idempotencyKeys.size() > 1) {
            refuse(pointer, "the header Idempotency-Key is there more than once");
            return own;
        }
        // The header's value is a structured string (RFC 8941), in quotation marks; bare ones are common.
        String bare = idempotencyKeys.get(0).strip();
        String key = bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"")
                ? ESCAPED.matcher(bare.substring(1, bare.length() - 1)).replaceAll("$1")
                : bare;
        if (!isName(key)) {
            refuse(
                    pointer,
                    "the header Idempotency-Key must be 1 to " + LONGEST_NAME
                            + " characters without control characters");
        } else if (own != null && !own.equals(key)) {
            refuse(pointer, "differs from the header Idempotency-Key");
        }
        return key;
    }

    static boolean isName(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST_NAME
                && text.codePoints().noneMatch(Character::isISOControl);
    }
}
