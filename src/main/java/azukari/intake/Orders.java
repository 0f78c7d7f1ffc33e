package azukari.intake;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.catalog.Violation;
import azukari.job.JobOrder;
import azukari.limit.Needs;
import azukari.platform.Ids;
import azukari.platform.Json;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** Makes orders of what was posted, by the event types' documents. */
final class Orders {
    private final Catalog catalog;

    Orders(Catalog catalog) {
        this.catalog = catalog;
    }

    /** @throws InvalidEventException if the event type does not exist or the body does not match its schema */
    JobOrder.Builder of(Submission submission) throws InvalidEventException {
        return of(submission, null);
    }

    /**
     * The same of a batch's event.
     *
     * @param batch the batch if its events are too many to be on the wire together; otherwise null
     * @throws InvalidEventException if the event type does not exist or the body does not match its schema
     */
    JobOrder.Builder of(Submission submission, UUID batch) throws InvalidEventException {
        EventType type = typeOf(submission.code());
        check(type, submission);
        return JobOrder.builder()
                .id(Ids.next())
                .code(type.code())
                .requestId(submission.requestId())
                .fingerprint(submission.requestId() == null ? null : submission.fingerprint())
                .submitter(submission.submitter())
                .priority(submission.priority())
                .body(Json.write(submission.body()))
                .lane(type.lane().written())
                .maxAttempts(type.retry().maxAttempts())
                .notBefore(
                        submission.notBefore() == null
                                ? null
                                : submission.notBefore().truncatedTo(ChronoUnit.MICROS))
                .expireAfter(type.expireAfter())
                .needs(Needs.withBatch(Needs.of(type, submission.body()), batch))
                .extensions(submission.extensions() == null ? null : Json.write(submission.extensions()));
    }

    /** The event type of the job that waits for a batch. */
    EventType batch() {
        return catalog.ofJob(EventType.BATCH).orElseThrow();
    }

    private EventType typeOf(String code) throws InvalidEventException {
        if (code.equals(EventType.BATCH)) {
            throw new InvalidEventException(
                    "BATCH is the code of the jobs that wait for a batch: post its events to /api/batches",
                    List.of(new Violation("/code", "can't be posted as an event")));
        }
        EventType type = catalog.find(code).orElse(null);
        if (type == null) {
            throw new InvalidEventException(
                    "event type '" + code + "' does not exist; GET /api/event-types lists them",
                    List.of(new Violation("/code", "is not a known event type")));
        }
        return type;
    }

    private void check(EventType type, Submission submission) throws InvalidEventException {
        List<Violation> violations = catalog.validate(type, submission.body());
        if (!violations.isEmpty()) {
            throw new InvalidEventException(
                    "the body does not match the schema of event type " + type.code(),
                    violations.stream()
                            .map(violation -> new Violation("/body" + violation.pointer(), violation.detail()))
                            .toList());
        }
    }
}
