package azukari.outbox;

import azukari.job.Job;
import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * A job on the wire: all that is needed to claim and run it, so that no read is needed before the work. Written as a
 * CloudEvents 1.0 event in its structured JSON form; what Azukari adds are extension attributes.
 *
 * @param fence what the claim must find in the job's row
 * @param run the number of runs before this one
 * @param attempt the number of attempts used up before
 * @param doubtful whether an earlier run was cut off, so that the handler is asked before it works
 * @param suspect whether it may be what kills the process, so that no other suspect may run beside it (rule 7)
 * @param cancelling whether it is to end without being run, except for the question whether its effect happened
 * @param requestId null when the client gave none
 * @param parent null for a posted event
 * @param notBefore null when none was asked for
 * @param extensions the extension attributes that the event was posted with; null for none
 * @param body the event's body
 * @param size the body's length in characters
 */
public record Envelope(
        UUID job,
        long fence,
        String code,
        String lane,
        int priority,
        int run,
        int attempt,
        int maxAttempts,
        int generation,
        boolean doubtful,
        boolean suspect,
        boolean cancelling,
        String submitter,
        String requestId,
        UUID parent,
        UUID root,
        Instant createdAt,
        Instant notBefore,
        Instant expiresAt,
        ObjectNode extensions,
        JsonNode body,
        int size) {

    private static final String SOURCE = "/azukari";
    /** What {@link #write} writes itself; a posted extension of such a name is only in the job's row. */
    private static final Set<String> OWN = Set.of(
            "specversion",
            "id",
            "source",
            "type",
            "time",
            "datacontenttype",
            "fence",
            "lane",
            "priority",
            "run",
            "attempt",
            "maxattempts",
            "generation",
            "doubtful",
            "submitter",
            "requestid",
            "parent",
            "root",
            "notbefore",
            "expires",
            "data");

    /** The message for a job as its row stands, with the fence that the row has, or is about to have. */
    public static Envelope of(Job job, long fence) {
        return new Envelope(
                job.id(),
                fence,
                job.code(),
                job.lane(),
                job.priority(),
                job.run(),
                job.attempt(),
                job.maxAttempts(),
                job.generation(),
                job.doubtful(),
                job.suspect(),
                job.cancelling(),
                job.submitter(),
                job.requestId(),
                job.parent(),
                job.root(),
                job.createdAt(),
                job.notBefore(),
                job.expiresAt(),
                job.extensions() == null ? null : ((ObjectNode) Json.read(job.extensions())).remove(OWN),
                Json.object().rawValueNode(new RawValue(job.body())),
                job.body().length());
    }

    /** The message for the job once more, after its run was interrupted. */
    public Envelope again(long newFence, int runs, int attempts, boolean nowDoubtful, boolean nowCancelling) {
        return new Envelope(
                job,
                newFence,
                code,
                lane,
                priority,
                runs,
                attempts,
                maxAttempts,
                generation,
                nowDoubtful,
                suspect,
                nowCancelling,
                submitter,
                requestId,
                parent,
                root,
                createdAt,
                notBefore,
                expiresAt,
                extensions,
                body,
                size);
    }

    /** The message's text. */
    public String write() {
        ObjectNode event = Json.object();
        event.put("specversion", "1.0");
        event.put("id", job.toString());
        event.put("source", SOURCE);
        event.put("type", code);
        event.put("time", createdAt.toString());
        event.put("datacontenttype", "application/json");
        event.put("fence", fence);
        event.put("lane", lane);
        event.put("priority", priority);
        event.put("run", run);
        event.put("attempt", attempt);
        event.put("maxattempts", maxAttempts);
        event.put("generation", generation);
        event.put("doubtful", doubtful);
        if (suspect) {
            event.put("suspect", true);
        }
        if (cancelling) {
            event.put("cancelling", true);
        }
        event.put("submitter", submitter);
        if (requestId != null) {
            event.put("requestid", requestId);
        }
        if (parent != null) {
            event.put("parent", parent.toString());
        }
        event.put("root", root.toString());
        if (notBefore != null) {
            event.put("notbefore", notBefore.toString());
        }
        event.put("expires", expiresAt.toString());
        if (extensions != null) {
            event.setAll(extensions);
        }
        event.set("data", body);
        return Json.write(event);
    }

    /**
     * Reads a message's text.
     *
     * @throws UnreadableMessageException when it is not what {@link #write} writes
     */
    public static Envelope read(String text) throws UnreadableMessageException {
        try {
            JsonNode event = Json.parse(text.getBytes(StandardCharsets.UTF_8));
            return new Envelope(
                    UUID.fromString(required(event, "id").asString()),
                    required(event, "fence").longValue(),
                    required(event, "type").asString(),
                    required(event, "lane").asString(),
                    required(event, "priority").intValue(),
                    required(event, "run").intValue(),
                    required(event, "attempt").intValue(),
                    required(event, "maxattempts").intValue(),
                    required(event, "generation").intValue(),
                    required(event, "doubtful").booleanValue(),
                    event.path("suspect").asBoolean(false),
                    event.path("cancelling").asBoolean(false),
                    required(event, "submitter").asString(),
                    event.hasNonNull("requestid") ? event.get("requestid").asString() : null,
                    event.hasNonNull("parent")
                            ? UUID.fromString(event.get("parent").asString())
                            : null,
                    UUID.fromString(required(event, "root").asString()),
                    Instant.parse(required(event, "time").asString()),
                    event.hasNonNull("notbefore")
                            ? Instant.parse(event.get("notbefore").asString())
                            : null,
                    Instant.parse(required(event, "expires").asString()),
                    extensions(event),
                    required(event, "data"),
                    text.length());
        } catch (MalformedJsonException
                | IllegalArgumentException
                | DateTimeParseException
                | tools.jackson.core.JacksonException e) {
            throw new UnreadableMessageException("the message is no event of Azukari: " + e.getMessage(), e);
        }
    }

    /** Null when there are none. */
    private static ObjectNode extensions(JsonNode event) {
        ObjectNode extensions = null;
        for (String name : event.propertyNames()) {
            if (!OWN.contains(name)) {
                extensions = extensions == null ? Json.object() : extensions;
                extensions.set(name, event.get(name));
            }
        }
        return extensions;
    }

    private static JsonNode required(JsonNode event, String attribute) throws UnreadableMessageException {
        JsonNode value = event.get(attribute);
        if (value == null) {
            throw new UnreadableMessageException("the message lacks '" + attribute + "'", null);
        }
        return value;
    }
}
