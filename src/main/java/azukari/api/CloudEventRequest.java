package azukari.api;

import azukari.catalog.Violation;
import azukari.intake.Submission;
import azukari.platform.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads an event that was posted as a structured CloudEvents 1.0 event in JSON. */
final class CloudEventRequest {
    static final String MEDIA_TYPE = "application/cloudevents+json";

    /** What CloudEvents itself defines, and what means the same here as in plain JSON; all else is an extension. */
    private static final Set<String> KNOWN = Set.of(
            "specversion",
            "type",
            "source",
            "id",
            "time",
            "subject",
            "dataschema",
            "datacontenttype",
            "data",
            "data_base64",
            "submitter",
            "priority",
            "notbefore");

    /** CloudEvents 1.0.2, section "Naming conventions". */
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]+");
    /** CloudEvents JSON format 1.0.2, section 3.1.1: what counts as JSON. */
    private static final Pattern JSON_TYPE =
            Pattern.compile("\\s*[^/;\\s]+/(json|[^/;\\s]+\\+json)\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

    private final EventFields event;

    private CloudEventRequest(EventFields event) {
        this.event = event;
    }

    /**
     * Reads the event. Its requestId is its source, a space (which no source can hold), and its id.
     *
     * @param idempotencyKeys the header's values; null or empty for none
     * @throws ProblemException 400 when it is no JSON, 422 when it is no CloudEvents event that can be taken
     */
    static Submission read(byte[] text, List<String> idempotencyKeys) {
        EventFields event = EventFields.parse(text, "type");
        Submission submission = new CloudEventRequest(event).submission(idempotencyKeys);
        event.check();
        return submission;
    }

    private Submission submission(List<String> idempotencyKeys) {
        checkForm();
        return new Submission(
                event.required("type"),
                event.requestId(requestId(), "/id", idempotencyKeys),
                event.body("data"),
                event.submitter(),
                event.priority(),
                event.time("notbefore"),
                extensions());
    }

    /** What an invalid event's pointers are in this form. */
    static Violation pointed(Violation violation) {
        String pointer = violation.pointer().replaceFirst("^/code", "/type").replaceFirst("^/body", "/data");
        return new Violation(pointer, violation.detail());
    }

    private void checkForm() {
        JsonNode version = event.get("specversion");
        if (version == null || !version.isString() || !version.stringValue().equals("1.0")) {
            event.refuse("/specversion", "must be \"1.0\"");
        }
        JsonNode type = event.get("datacontenttype");
        if (type != null
                && !(type.isString() && JSON_TYPE.matcher(type.stringValue()).matches())) {
            event.refuse("/datacontenttype", "must be application/json, or a type that ends in +json");
        }
        if (event.get("data_base64") != null) {
            event.refuse("/data_base64", "binary data is not taken; send JSON as 'data'");
        }
        JsonNode subject = event.get("subject");
        if (subject != null && !(subject.isString() && !subject.stringValue().isEmpty())) {
            event.refuse("/subject", "must be a string, not empty");
        }
        event.time("time");
        address("dataschema");
    }

    private String requestId() {
        if (event.get("source") == null) {
            event.refuse("/source", "is required");
        }
        String source = address("source");
        String id = event.required("id");
        if (source == null || id == null) {
            return null;
        }
        String both = source + " " + id;
        if (both.length() > EventFields.LONGEST_NAME) {
            event.refuse(
                    "/id",
                    "source and id together must not be longer than " + (EventFields.LONGEST_NAME - 1) + " characters");
        }
        return both;
    }

    /** Null when it is not there, or is no URI reference, which is noted. */
    private String address(String field) {
        JsonNode value = event.get(field);
        if (value == null) {
            return null;
        }
        try {
            if (value.isString() && !value.stringValue().isEmpty()) {
                return new URI(value.stringValue()).toString();
            }
        } catch (URISyntaxException e) {
            // Said below, as for one that is no text.
        }
        event.refuse("/" + field, "must be a URI reference, not empty");
        return null;
    }

    /** Null when there are none. */
    private ObjectNode extensions() {
        ObjectNode extensions = Json.object();
        for (String name : event.names()) {
            JsonNode value = event.get(name);
            if (value == null || KNOWN.contains(name)) {
                continue;
            }
            if (!ATTRIBUTE.matcher(name).matches()) {
                event.refuseMember(name, "is no attribute's name: those are of lower-case letters and digits");
            } else if (!(value.isString() || value.isBoolean() || isInteger(value))) {
                event.refuse("/" + name, "must be a string, a boolean, or a whole number of 32 bits");
            } else {
                extensions.set(name, value);
            }
        }
        return extensions.isEmpty() ? null : extensions;
    }

    private static boolean isInteger(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt();
    }
}
