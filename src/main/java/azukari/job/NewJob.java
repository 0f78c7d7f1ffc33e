package azukari.job;

import java.time.Instant;

/**
 * A job that is about to be stored: QUEUED, or WAITING if its time is in the future.
 *
 * @param order what was requested
 * @param now the time of acceptance
 */
public record NewJob(JobOrder order, Instant now) {

    /** Whether its {@code notBefore} is in the future. */
    private boolean later() {
        return order.notBefore() != null && order.notBefore().isAfter(now);
    }

    public JobState state() {
        return Transitions.next(order.id(), null, later() ? JobEvent.ACCEPT_LATER : JobEvent.ACCEPT);
    }

    Waiting waitingFor() {
        return later() ? Waiting.TIME : null;
    }

    Instant dueAt() {
        return later() ? order.notBefore() : null;
    }

    Instant queuedAt() {
        return later() ? null : now;
    }

    Instant expiresAt() {
        return (later() ? order.notBefore() : now).plus(order.expireAfter());
    }

    /** The fence that its first message carries; 0 as long as there is no message. */
    public long fence() {
        return later() ? 0 : 1;
    }

    boolean first() {
        return order.emission() == null;
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
                .root(emission == null ? order.id() : emission.root())
                .createdAt(now)
                .notBefore(order.notBefore())
                .build();
    }

    /** What its first message states. */
    public Ticket ticket() {
        return Ticket.first(expiresAt());
    }
}
