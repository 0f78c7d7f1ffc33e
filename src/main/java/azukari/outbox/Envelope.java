package azukari.outbox;

import azukari.job.Event;
import azukari.job.JobTable.Payload;
import azukari.job.Ticket;
import azukari.platform.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * A job on the wire: everything that is needed to claim and run it, so that no read precedes the work. Written as a
 * CloudEvents 1.0 event in structured JSON format. Azukari's additions are extension attributes; the extension
 * attributes that the event was posted with are in its data, beside the body, so that none of their names can be
 * mistaken for one of ours.
 *
 * @param body the event's body
 * @param extensions the extension attributes that the event was posted with; null for none
 * @param size the approximate length of the text, in characters
 * @param callAt when a limited job's call will probably begin, by the database's clock; null if that is not known. It is not in the
 *     text
 */
public record Envelope(Event event, Ticket ticket, JsonNode body, JsonNode extensions, int size, Instant callAt) {
    private static final String SOURCE = "/azukari";
    /** The approximate length of an event's attributes, in characters. */
    private static final int ATTRIBUTES = 500;

    /** A job's message. */
    public static Envelope of(Event event, Ticket ticket, Payload payload) {
        return new Envelope(
                event,
                ticket,
                raw(payload.body()),
                payload.extensions() == null ? null : raw(payload.extensions()),
                payload.body().length() + ATTRIBUTES,
                null);
    }

    private static JsonNode raw(String json) {
        return Json.object().rawValueNode(new RawValue(json));
    }

    Envelope callAt(Instant time) {
        return new Envelope(event, ticket, body, extensions, size, time);
    }

    public UUID job() {
        return event.job();
    }

    public String code() {
        return event.code();
    }

    public String lane() {
        return event.lane();
    }

    public long fence() {
        return ticket.fence();
    }

    /** The event as text. */
    public String write() {
        ObjectNode text = Json.object();
        text.put("specversion", "1.0");
        text.put("id", event.job().toString());
        text.put("source", SOURCE);
        text.put("type", event.code());
        text.put("time", event.createdAt().toString());
        text.put("datacontenttype", "application/json");
        text.put("fence", ticket.fence());
        text.put("lane", event.lane());
        text.put("priority", event.priority());
        text.put("run", ticket.run());
        text.put("attempt", ticket.attempt());
        text.put("maxattempts", event.maxAttempts());
        text.put("generation", ticket.generation());
        putIfTrue(text, "doubtful", ticket.doubtful());
        putIfTrue(text, "suspect", ticket.suspect());
        putIfTrue(text, "cancelling", ticket.cancelling());
        putIfTrue(text, "limited", event.limited());
        text.put("submitter", event.submitter());
        if (event.requestId() != null) {
            text.put("requestid", event.requestId());
        }
        if (event.parent() != null) {
            text.put("parent", event.parent().toString());
            text.put("root", event.root().toString());
            putIfTrue(text, "child", event.child());
        }
        if (event.notBefore() != null) {
            text.put("notbefore", event.notBefore().toString());
        }
        text.put("expires", ticket.expiresAt().toString());
        ObjectNode data = text.putObject("data");
        data.set("body", body);
        if (extensions != null) {
            data.set("extensions", extensions);
        }
        return Json.write(text);
    }

    private static void putIfTrue(ObjectNode text, String name, boolean value) {
        if (value) {
            text.put(name, true);
        }
    }

    /**
     * Reads an event.
     *
     * @param size the length of its text, in characters
     * @throws UnreadableMessageException if it is not what {@link #write} writes
     */
    static Envelope read(JsonNode text, int size) throws UnreadableMessageException {
        try {
            UUID job = UUID.fromString(required(text, "id").asString());
            Event event = Event.builder()
                    .job(job)
                    .code(required(text, "type").asString())
                    .lane(required(text, "lane").asString())
                    .priority(required(text, "priority").intValue())
                    .maxAttempts(required(text, "maxattempts").intValue())
                    .submitter(required(text, "submitter").asString())
                    .requestId(
                            text.hasNonNull("requestid") ? text.get("requestid").asString() : null)
                    .parent(id(text, "parent", null))
                    .child(text.path("child").asBoolean(false))
                    .root(id(text, "root", job))
                    .createdAt(time(required(text, "time")))
                    .notBefore(text.hasNonNull("notbefore") ? time(text.get("notbefore")) : null)
                    .limited(text.path("limited").asBoolean(false))
                    .build();
            Ticket ticket = new Ticket(
                    required(text, "fence").longValue(),
                    required(text, "run").intValue(),
                    required(text, "attempt").intValue(),
                    required(text, "generation").intValue(),
                    text.path("doubtful").asBoolean(false),
                    text.path("suspect").asBoolean(false),
                    text.path("cancelling").asBoolean(false),
                    time(required(text, "expires")));
            JsonNode data = required(text, "data");
            return new Envelope(event, ticket, required(data, "body"), data.get("extensions"), size, null);
        } catch (IllegalArgumentException | DateTimeException | JacksonException e) {
            throw new UnreadableMessageException("not an Azukari event: " + e.getMessage(), e);
        }
    }

    private static UUID id(JsonNode text, String attribute, UUID otherwise) {
        return text.hasNonNull(attribute) ? UUID.fromString(text.get(attribute).asString()) : otherwise;
    }

    private static Instant time(JsonNode value) {
        return Instant.parse(value.asString());
    }

    private static JsonNode required(JsonNode text, String attribute) throws UnreadableMessageException {
        JsonNode value = text.get(attribute);
        if (value == null) {
            throw new UnreadableMessageException("the event lacks '" + attribute + "'", null);
        }
        return value;
    }
}
