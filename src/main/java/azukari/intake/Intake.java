package azukari.intake;

import azukari.catalog.Catalog;
import azukari.database.Database;
import azukari.database.DatabaseUnavailableException;
import azukari.effect.Committer;
import azukari.effect.Count;
import azukari.intake.BatchStep.KnownItemsException;
import azukari.job.Job;
import azukari.job.JobOrder;
import azukari.job.JobTable;
import azukari.job.NewJob;
import azukari.limit.CapacityTable;
import azukari.limit.Need;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Accepts posted events, one by one or in batches: validates and stores them. */
@Service
public class Intake {
    private static final Duration LATELY = Duration.ofSeconds(3);

    private final Orders orders;
    private final Committer committer;
    private final Database database;
    private final Clock clock;
    private final AcceptStep accept = new AcceptStep();
    /** When an event was last refused because the database did not store it; null if one was stored since. */
    private volatile Instant refused;

    @Inject
    public Intake(Catalog catalog, Committer committer, Database database, Clock clock) {
        this.orders = new Orders(catalog);
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
        JobOrder order = orders.of(submission).build();
        NewJob job = new NewJob(order, clock.instant());
        if (isStored(job)) {
            return Job.of(job);
        }
        return known(order);
    }

    /**
     * Accepts all events of a batch, in one transaction; when this returns, their jobs are durable.
     *
     * @return the job that waits for them, or the one for which the same {@code requestId} was accepted before
     * @throws InvalidItemException if an event is invalid, or its {@code requestId} is known already
     * @throws RequestIdReusedException if the batch's {@code requestId} identifies something else
     * @throws azukari.database.DatabaseUnavailableException if the database is unavailable
     */
    public Job accept(Batch batch) throws InvalidItemException, RequestIdReusedException {
        BatchOrder order = BatchOrder.of(batch, orders);
        Instant now = clock.instant();
        NewJob parent = new NewJob(order.parent(), now);
        List<NewJob> children =
                order.children().stream().map(child -> new NewJob(child, now)).toList();
        List<Need> needs = children.stream()
                .flatMap(child -> child.order().needs().stream())
                .toList();
        try {
            // On their own, as whoever claims or posts a job with the same needs would wait until the whole batch is
            // stored.
            storing(() -> database.inTransaction(tx -> CapacityTable.ensure(tx, needs, now)));
            boolean stored = storing(() -> committer.commit(tx -> BatchStep.store(tx, parent, children)));
            return stored ? Job.of(parent) : known(order.parent());
        } catch (KnownItemsException e) {
            throw InvalidItemException.known(order, e.indexes());
        }
    }

    private boolean isStored(NewJob job) {
        return storing(() -> committer.submit(accept, job));
    }

    private <T> T storing(Supplier<T> work) {
        try {
            T stored = work.get();
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
    private Job known(JobOrder order) throws RequestIdReusedException {
        String requestId = order.requestId();
        Job known = database.read(em -> JobTable.findByRequestIds(em, List.of(requestId))).stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a job with requestId '" + requestId
                        + "' existed a moment ago and no longer does; post the event again"));
        if (!order.fingerprint().equals(known.fingerprint())) {
            throw new RequestIdReusedException(requestId, known.id());
        }
        committer.count(Count.repeated(known.code()));
        return known;
    }
}
