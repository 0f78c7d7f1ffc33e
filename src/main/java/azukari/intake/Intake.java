package azukari.intake;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.catalog.Violation;
import azukari.database.Gate;
import azukari.job.Job;
import azukari.job.JobOrder;
import azukari.outbox.Relay;
import azukari.platform.Ids;
import azukari.platform.Json;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/** Accepts posted events: checks, stores, and hands the message to the relay. */
@Service
public class Intake {
    private final Catalog catalog;
    private final Gate gate;
    private final Relay relay;
    private final Clock clock;
    private final AcceptStep accept = new AcceptStep();

    @Inject
    public Intake(Catalog catalog, Gate gate, Relay relay, Clock clock) {
        this.catalog = catalog;
        this.gate = gate;
        this.relay = relay;
        this.clock = clock;
    }

    /**
     * Accepts an event; when this returns, its job is durable.
     *
     * @return the new job, or the one that the same {@code requestId} was accepted for before
     * @throws InvalidEventException when the event type is unknown or the body breaks its schema
     * @throws RequestIdReusedException when the {@code requestId} names an event that is not the same
     * @throws azukari.database.DatabaseUnavailableException when the database is away
     */
    public Job accept(Submission submission) throws InvalidEventException, RequestIdReusedException {
        EventType type = typeOf(submission.code());
        check(type, submission);
        String fingerprint = submission.requestId() == null ? null : submission.fingerprint();
        JobOrder order = new JobOrder(
                Ids.next(),
                type.code(),
                submission.requestId(),
                fingerprint,
                submission.submitter(),
                submission.priority(),
                Json.write(submission.body()),
                type.lane().written(),
                type.retry().maxAttempts(),
                submission.notBefore() == null ? null : submission.notBefore().truncatedTo(ChronoUnit.MICROS),
                type.expireAfter(),
                null,
                submission.extensions() == null ? null : Json.write(submission.extensions()));
        AcceptStep.Accepted accepted = gate.submit(accept, Job.accepted(order, clock.instant()));
        if (accepted.job().id().equals(order.id())) {
            EventMeters.accepted(type.code());
        }
        if (accepted.pending() != null) {
            relay.offer(List.of(accepted.pending()));
        }
        if (!Objects.equals(fingerprint, accepted.job().fingerprint())) {
            throw new RequestIdReusedException(
                    submission.requestId(), accepted.job().id());
        }
        if (!accepted.job().id().equals(order.id())) {
            EventMeters.repeated();
        }
        return accepted.job();
    }

    private EventType typeOf(String code) throws InvalidEventException {
        EventType type = catalog.find(code).orElse(null);
        if (type == null) {
            throw new InvalidEventException(
                    "there is no event type '" + code + "'; GET /api/event-types lists them",
                    List.of(new Violation("/code", "is no known event type")));
        }
        return type;
    }

    private static void check(EventType type, Submission submission) throws InvalidEventException {
        List<Violation> violations = type.validate(submission.body());
        if (!violations.isEmpty()) {
            throw new InvalidEventException(
                    "the body is not as event type " + type.code() + " wants it",
                    violations.stream()
                            .map(violation -> new Violation("/body" + violation.pointer(), violation.detail()))
                            .toList());
        }
    }
}
