package azukari.api;

import azukari.intake.Submission;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads an event posted as plain JSON; reports every problem with its envelope at once. */
final class EventRequest {
    private static final Set<String> FIELDS = Set.of("code", "requestId", "body", "submitter", "priority", "notBefore");

    private EventRequest() {}

    /**
     * Reads the event.
     *
     * @param idempotencyKeys the header's values; null or empty if absent
     * @throws ProblemException 400 if the text is not JSON, 422 if it is not a valid event
     */
    static Submission read(byte[] text, List<String> idempotencyKeys) {
        EventFields event = EventFields.parse(text, "code");
        return read(event, event.submitter(), idempotencyKeys);
    }

    /**
     * Reads one event of several.
     *
     * @param submitter whose it is unless it says otherwise
     * @throws ProblemException 422 if it is not a valid event
     */
    static Submission read(JsonNode item, String submitter) {
        EventFields event = EventFields.object(item, "code");
        return read(event, event.submitter(submitter), null);
    }

    private static Submission read(EventFields event, String submitter, List<String> idempotencyKeys) {
        event.names().stream()
                .filter(name -> !FIELDS.contains(name))
                .forEach(name -> event.refuseMember(name, "is not a field of an event"));
        Submission submission = new Submission(
                event.required("code"),
                event.requestId(event.name("requestId", null), "/requestId", idempotencyKeys),
                event.body("body"),
                submitter,
                event.priority(),
                event.time("notBefore"),
                null);
        event.check();
        return submission;
    }
}
