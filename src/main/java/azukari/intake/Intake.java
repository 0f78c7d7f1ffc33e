package azukari.intake;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.catalog.Violation;
import azukari.database.Database;
import azukari.database.DatabaseUnavailableException;
import azukari.effect.Committer;
import azukari.effect.Count;
import azukari.job.Job;
import azukari.job.JobOrder;
import azukari.job.JobTable;
import azukari.job.NewJob;
import azukari.limit.Needs;
import azukari.platform.Ids;
import azukari.platform.Json;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Accepts posted events: validates and stores them. */
@Service
public class Intake {
    private static final Duration LATELY = Duration.ofSeconds(3);

    private final Catalog catalog;
    private final Committer committer;
    private final Database database;
    private final Clock clock;
    private final AcceptStep accept = new AcceptStep();
    /** When an event was last refused because the database did not store it; null if one was stored since. */
    private volatile Instant refused;

    @Inject
    public Intake(Catalog catalog, Committer committer, Database database, Clock clock) {
        this.catalog = catalog;
        this.committer = committer;
        this.database = database;
        this.clock = clock;
    }

    /**
     * Accepts an event; when this returns, its job is durable.
     *
     * @return the new job, or the one for which the same {@code requestId} was accepted before
     * @throws InvalidEventException if the event type does not exist or the body does not match its schema
     * @throws RequestIdReusedException if the {@code requestId} identifies an event that is not the same
     * @throws azukari.database.DatabaseUnavailableException if the database is unavailable
     */
    public Job accept(Submission submission) throws InvalidEventException, RequestIdReusedException {
        EventType type = typeOf(submission.code());
        check(type, submission);
        String fingerprint = submission.requestId() == null ? null : submission.fingerprint();
        JobOrder order = JobOrder.builder()
                .id(Ids.next())
                .code(type.code())
                .requestId(submission.requestId())
                .fingerprint(fingerprint)
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
                .needs(Needs.of(type, submission.body()))
                .extensions(submission.extensions() == null ? null : Json.write(submission.extensions()))
                .build();
        NewJob job = new NewJob(order, clock.instant());
        if (isStored(job)) {
            return Job.of(job);
        }
        return known(submission, fingerprint);
    }

    private boolean isStored(NewJob job) {
        try {
            boolean stored = committer.submit(accept, job);
            refused = null;
            return stored;
        } catch (DatabaseUnavailableException e) {
            refused = clock.instant();
            throw e;
        }
    }

    /**
     * Whether the database did not store what was posted last, a moment ago: one whose disk is full may take a beat all the
     * same.
     */
    public boolean isRefusing() {
        Instant last = refused;
        return last != null && clock.instant().isBefore(last.plus(LATELY));
    }

    /** The job for which this {@code requestId} was accepted before. */
    private Job known(Submission submission, String fingerprint) throws RequestIdReusedException {
        String requestId = submission.requestId();
        Job known = database.read(em -> JobTable.findByRequestIds(em, List.of(requestId))).stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a job with requestId '" + requestId
                        + "' existed a moment ago and no longer does; post the event again"));
        if (!fingerprint.equals(known.fingerprint())) {
            throw new RequestIdReusedException(requestId, known.id());
        }
        committer.count(Count.repeated(known.code()));
        return known;
    }

    private EventType typeOf(String code) throws InvalidEventException {
        EventType type = catalog.find(code).orElse(null);
        if (type == null) {
            throw new InvalidEventException(
                    "event type '" + code + "' does not exist; GET /api/event-types lists them",
                    List.of(new Violation("/code", "is not a known event type")));
        }
        return type;
    }

    private static void check(EventType type, Submission submission) throws InvalidEventException {
        List<Violation> violations = type.validate(submission.body());
        if (!violations.isEmpty()) {
            throw new InvalidEventException(
                    "the body does not match the schema of event type " + type.code(),
                    violations.stream()
                            .map(violation -> new Violation("/body" + violation.pointer(), violation.detail()))
                            .toList());
        }
    }
}
