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

/** Reads a structured-mode CloudEvents 1.0 event in JSON. */
final class CloudEventRequest {
    static final String MEDIA_TYPE = "application/cloudevents+json";

    /** Attributes defined by CloudEvents, plus those that have the same meaning as in plain JSON; the rest are extensions. */
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
    /** Media types that count as JSON: CloudEvents JSON format 1.0.2, section 3.1.1. */
    private static final Pattern JSON_TYPE =
            Pattern.compile("\\s*[^/;\\s]+/(json|[^/;\\s]+\\+json)\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

    private final EventFields event;

    private CloudEventRequest(EventFields event) {
        this.event = event;
    }

    /**
     * Reads the event. Its requestId is the source, a space (which a source cannot contain) and the id.
     *
     * @param idempotencyKeys the header's values; null or empty if absent
     * @throws ProblemException 400 if the text is not JSON, 422 if it is not an acceptable CloudEvents event
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

    /** Translates a violation's pointer from the plain JSON form to this one. */
    static Violation repointed(Violation violation) {
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
            event.refuse("/datacontenttype", "must be application/json or a type ending in +json");
        }
        if (event.get("data_base64") != null) {
            event.refuse("/data_base64", "is not supported; send JSON in 'data'");
        }
        JsonNode subject = event.get("subject");
        if (subject != null && !(subject.isString() && !subject.stringValue().isEmpty())) {
            event.refuse("/subject", "must be a non-empty string");
        }
        event.time("time");
        uriReference("dataschema");
    }

    private String requestId() {
        if (event.get("source") == null) {
            event.refuse("/source", "is required");
        }
        String source = uriReference("source");
        String id = event.required("id");
        if (source == null || id == null) {
            return null;
        }
        String both = source + " " + id;
        if (both.length() > EventFields.LONGEST_NAME) {
            event.refuse(
                    "/id", "source and id together must not exceed " + (EventFields.LONGEST_NAME - 1) + " characters");
        }
        return both;
    }

    /** Returns null if the field is absent, or if it is not a URI reference, which is reported. */
    private String uriReference(String field) {
        JsonNode value = event.get(field);
        if (value == null) {
            return null;
        }
        try {
            if (value.isString() && !value.stringValue().isEmpty()) {
                return new URI(value.stringValue()).toString();
            }
        } catch (URISyntaxException e) {
            // Reported below, together with values that are not strings.
        }
        event.refuse("/" + field, "must be a non-empty URI reference");
        return null;
    }

    /** Returns null if there are none. */
    private ObjectNode extensions() {
        ObjectNode extensions = Json.object();
        for (String name : event.names()) {
            JsonNode value = event.get(name);
            if (value == null || KNOWN.contains(name)) {
                continue;
            }
            if (!ATTRIBUTE.matcher(name).matches()) {
                event.refuseMember(name, "is not a valid attribute name: use lower-case letters and digits only");
            } else if (!(value.isString() || value.isBoolean() || isInteger(value))) {
                event.refuse("/" + name, "must be a string, a boolean or a 32-bit integer");
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
