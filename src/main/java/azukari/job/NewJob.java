package azukari.job;

import azukari.limit.Need;
import java.time.Instant;

/**
 * A job that is about to be stored: QUEUED, or WAITING if its time is in the future, it is limited, or it has children.
 *
 * @param order what was requested
 * @param now the time of acceptance
 */
public record NewJob(JobOrder order, Instant now) {

    /** Whether its {@code notBefore} is in the future. */
    private boolean later() {
        return order.notBefore() != null && order.notBefore().isAfter(now);
    }

    public boolean limited() {
        return !order.needs().isEmpty();
    }

    /** Whether it enters the line for its limits at once. */
    public boolean enters() {
        return limited() && !later();
    }

    private boolean waits() {
        return limited() || later() || order.children() > 0;
    }

    public JobState state() {
        return Transitions.next(order.id(), null, waits() ? JobEvent.ACCEPT_LATER : JobEvent.ACCEPT);
    }

    Waiting waitingFor() {
        if (later()) {
            return Waiting.TIME;
        }
        if (order.children() > 0) {
            return Waiting.CHILDREN;
        }
        if (!limited()) {
            return null;
        }
        return order.needs().stream().anyMatch(Need::isLock) ? Waiting.LOCK : Waiting.CHANNEL;
    }

    /** What waits for its limits or its children is due when it expires. */
    Instant dueAt() {
        if (later()) {
            return order.notBefore();
        }
        return waits() ? expiresAt() : null;
    }

    Instant queuedAt() {
        return waits() ? null : now;
    }

    Instant expiresAt() {
        return (later() ? order.notBefore() : now).plus(order.expireAfter());
    }

    /** The fence that its first message carries; 0 as long as there is no message. */
    public long fence() {
        return waits() ? 0 : 1;
    }

    boolean first() {
        return order.emission() == null;
    }

    /** How many children it waits for; null for none. */
    Integer children() {
        return order.children() == 0 ? null : order.children();
    }

    /** How many of its children are known to have ended; null without children. */
    Integer noneEnded() {
        return order.children() == 0 ? null : 0;
    }

    public Event event() {
        JobOrder.Emission emission = order.emission();
        return Event.builder()
                .job(order.id())
                .code(order.code())
                .lane(order.lane())
                .priority(order.priority())
                .maxAttempts(order.maxAttempts())
                .submitter(order.submitter())
                .requestId(order.requestId())
                .parent(emission == null ? null : emission.parent())
                .child(emission != null && emission.isChild())
                .root(emission == null ? order.id() : emission.root())
                .createdAt(now)
                .notBefore(order.notBefore())
                .limited(limited())
                .build();
    }

    /** What its first message states. */
    public Ticket ticket() {
        return Ticket.first(expiresAt());
    }
}
