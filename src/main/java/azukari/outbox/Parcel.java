package azukari.outbox;

import azukari.platform.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What one message holds: one event, or a pack of several (a batch in the JSON form of CloudEvents 1.0).
 *
 * @param events those that can be read
 * @param unreadable the others; they must not take the readable ones with them
 */
public record Parcel(List<Envelope> events, List<Unreadable> unreadable) {

    /** An entry that can't be read. */
    public record Unreadable(String text, UnreadableMessageException why) {}

    /** The text of a message with these events' texts. */
    static String write(List<String> events) {
        return events.size() == 1 ? events.get(0) : "[" + String.join(",", events) + "]";
    }

    /**
     * Reads a message's text.
     *
     * @throws UnreadableMessageException when it is neither an event nor a pack of anything
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
        for (JsonNode entry : whole) {
            try {
                events.add(Envelope.read(entry, text.length() / whole.size()));
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
            throw new UnreadableMessageException("not an event of Azukari: " + e.getMessage(), e);
        }
    }
}
