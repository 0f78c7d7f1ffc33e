package azukari.dispatch;

import azukari.catalog.EventType;
import azukari.job.Event;
import azukari.job.Standing;
import azukari.job.Ticket;
import java.util.UUID;

/**
 * A job in hand: what it is, and how it stands.
 *
 * @param type null when this node's catalogue does not have it
 */
public record Work(EventType type, Standing job) {
    Event event() {
        return job.event();
    }

    Ticket ticket() {
        return job.ticket();
    }

    UUID id() {
        return job.job();
    }

    String code() {
        return event().code();
    }
}
