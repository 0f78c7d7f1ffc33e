package azukari.outbox;

import azukari.platform.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The content of one message: one event, or a pack of several (a CloudEvents 1.0 batch in JSON format).
 *
 * @param events those that can be read
 * @param unreadable the others; they must not affect the readable ones
 */
public record Parcel(List<Envelope> events, List<Unreadable> unreadable) {

    /** An entry that cannot be read. */
    public record Unreadable(String text, UnreadableMessageException why) {}

    /** The text of a message that holds events with these texts. */
    static String write(List<String> events) {
        return events.size() == 1 ? events.get(0) : "[" + String.join(",", events) + "]";
    }

    /**
     * Reads a message's text.
     *
     * @throws UnreadableMessageException if it is neither an event nor a non-empty pack
     */
    public static Parcel read(String text) throws UnreadableMessageException {
        JsonNode whole = parse(text);
        if (!whole.isArray()) {
            return new Parcel(List.of(Envelope.read(whole, text.length())), List.of());
        }
        if (whole.isEmpty()) {
            throw new UnreadableMessageException("the pack is empty", null);
        }
        List<Envelope> events = new ArrayList<>(whole.size());
        List<Unreadable> unreadable = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode entry : whole) {
            try {
                Envelope event = Envelope.read(entry, text.length() / whole.size());
                if (seen.add(event.job() + " " + event.fence())) { // Twice, each would wait for the other.
                    events.add(event);
                }
            } catch (UnreadableMessageException e) {
                unreadable.add(new Unreadable(Json.write(entry), e));
            }
        }
        return new Parcel(events, unreadable);
    }

    private static JsonNode parse(String text) throws UnreadableMessageException {
        try {
            return Json.read(text);
        } catch (JacksonException | NumberFormatException e) {
            throw new UnreadableMessageException("not an Azukari event: " + e.getMessage(), e);
        }
    }
}
