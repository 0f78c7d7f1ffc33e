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
import tools.jackson.databind.node.ObjectNode;

/** The members of a posted event in either format; collects everything that is wrong with them. */
final class EventFields {
    static final int LONGEST_NAME = 200;

    private static final String ANONYMOUS = "anonymous";
    private static final int DEFAULT_PRIORITY = 4;
    private static final Pattern ESCAPED = Pattern.compile("\\\\([\\\\\"])");
    /** RFC 3339, section 5.6: seconds are required, and the offset has none. */
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)");

    /** Before this year not everything that stores or reads a time counts by the same calendar. */
    private static final Instant EARLIEST = Instant.parse("1583-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private final JsonNode event;
    private final List<Violation> errors = new ArrayList<>();

    private EventFields(JsonNode event) {
        this.event = event;
    }

    /**
     * Parses the text.
     *
     * @param required the member that every event must have, for the error message
     * @throws ProblemException 400 if the text is not JSON, 422 if it is not an object
     */
    static EventFields parse(byte[] text, String required) {
        JsonNode parsed;
        try {
            parsed = Json.parse(text);
        } catch (MalformedJsonException e) {
            throw ProblemException.malformedJson(e);
        }
        return object(parsed, required);
    }

    /**
     * The members of an object.
     *
     * @param required the member that every event must have, for the error message
     * @throws ProblemException 422 if the value is not an object
     */
    static EventFields object(JsonNode value, String required) {
        EventFields fields = new EventFields(value);
        if (!value.isObject()) {
            fields.refuse("", "must be an object with a member '" + required + "'");
            fields.check();
        }
        return fields;
    }

    /** The members of an object that was not posted as one. */
    static EventFields of(ObjectNode object) {
        return new EventFields(object);
    }

    void refuse(String pointer, String detail) {
        errors.add(new Violation(pointer, detail));
    }

    void refuseMember(String name, String detail) {
        refuse("/" + name.replace("~", "~0").replace("/", "~1"), detail);
    }

    /** @throws ProblemException 422 if anything has been refused */
    void check() {
        if (!errors.isEmpty()) {
            throw new ProblemException(
                    new Problem(422, "invalid-event", "Invalid event", "the event is invalid; see 'errors'", errors));
        }
    }

    List<String> names() {
        return List.copyOf(event.propertyNames());
    }

    /** Returns null if the field is absent or JSON null. */
    JsonNode get(String field) {
        JsonNode value = event.get(field);
        return value == null || value.isNull() ? null : value;
    }

    /** Returns JSON null if the field is absent. */
    JsonNode body(String field) {
        return event.has(field) ? event.get(field) : Json.mapper().nullNode();
    }

    /** Returns a required name; null if it is absent or invalid, which is reported. */
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
            refuse(
                    "/" + field,
                    "must be a string of 1 to " + LONGEST_NAME + " characters, none of them a control character");
            return byDefault;
        }
        return value.stringValue();
    }

    String submitter() {
        return submitter(ANONYMOUS);
    }

    String submitter(String byDefault) {
        return name("submitter", byDefault);
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

    /** Returns null if the field is absent. */
    Instant time(String field) {
        JsonNode value = get(field);
        if (value == null) {
            return null;
        }
        try {
            String text = value.isString() ? value.stringValue() : "";
            if (!TIME.matcher(text).matches()) {
                throw new DateTimeException("not in RFC 3339 format");
            }
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                throw new DateTimeException("out of range");
            }
            return time;
        } catch (DateTimeException e) {
            refuse("/" + field, "must be an RFC 3339 date-time, such as 2030-01-31T08:00:00Z");
            return null;
        }
    }

    /**
     * The event's requestId: its own, or else the header's.
     *
     * @param own the one in the body; null if absent
     * @param pointer where the body has it
     * @param idempotencyKeys the header's values; null or empty if absent
     */
    String requestId(String own, String pointer, List<String> idempotencyKeys) {
        if (idempotencyKeys == null || idempotencyKeys.isEmpty()) {
            return own;
        }
        if (idempotencyKeys.size() > 1) {
            refuse(pointer, "the Idempotency-Key header is given more than once");
            return own;
        }
        // The header is a structured string (RFC 8941) in quotation marks, but many clients send it bare.
        String bare = idempotencyKeys.get(0).strip();
        String key = bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"")
                ? ESCAPED.matcher(bare.substring(1, bare.length() - 1)).replaceAll("$1")
                : bare;
        if (!isName(key)) {
            refuse(
                    pointer,
                    "the Idempotency-Key header must be 1 to " + LONGEST_NAME
                            + " characters, none of them a control character");
        } else if (own != null && !own.equals(key)) {
            refuse(pointer, "differs from the Idempotency-Key header");
        }
        return key;
    }

    static boolean isName(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST_NAME
                && text.codePoints().noneMatch(Character::isISOControl);
    }
}
