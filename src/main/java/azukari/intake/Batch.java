package azukari.intake;

import java.util.List;

/**
 * Events that a client posts together.
 *
 * @param requestId the client's own identifier for all of them; null for none
 * @param submitter who is told when all of them have ended
 * @param items 1 to 10,000 events, each of which is read once
 */
public record Batch(String requestId, String submitter, List<Item> items) {
    public Batch {
        items = List.copyOf(items);
    }

    /** An event of a batch, which is not read before its turn: all of them together may be long. */
    @FunctionalInterface
    public interface Item {
        /**
         * Reads it.
         *
         * @throws InvalidEventException if it is not an event
         */
        Submission read() throws InvalidEventException;
    }

    /** A batch of events that were read. */
    public static Batch of(String requestId, String submitter, List<Submission> events) {
        return new Batch(
                requestId,
                submitter,
                events.stream().<Item>map(event -> () -> event).toList());
    }
}
