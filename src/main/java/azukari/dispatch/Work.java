package azukari.dispatch;

import azukari.catalog.EventType;
import azukari.job.Event;
import azukari.job.Standing;
import azukari.job.Ticket;
import java.util.UUID;

/**
 * A job that is being processed: its event and its current state.
 *
 * @param type null if this node's catalogue does not contain it
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
