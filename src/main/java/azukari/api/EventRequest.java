package azukari.api;

import azukari.intake.Submission;
import java.util.List;
import java.util.Set;

/** Reads an event that was posted as plain JSON; finds everything that is wrong with its envelope at once. */
final class EventRequest {
    private static final Set<String> FIELDS = Set.of("code", "requestId", "body", "submitter", "priority", "notBefore");

    private EventRequest() {}

    /**
     * Reads the event.
     *
     * @param idempotencyKeys the header's values; null or empty for none
     * @throws ProblemException 400 when it is no JSON, 422 when it is no event
     */
    static Submission read(byte[] text, List<String> idempotencyKeys) {
        EventFields event = EventFields.parse(text, "code");
        event.names().stream()
                .filter(name -> !FIELDS.contains(name))
                .forEach(name -> event.refuseMember(name, "is no field of an event"));
        Submission submission = new Submission(
                event.required("code"),
                event.requestId(event.name("requestId", null), "/requestId", idempotencyKeys),
                event.body("body"),
                event.submitter(),
                event.priority(),
                event.time("notBefore"),
                null);
        event.check();
        return submission;
    }
}
