package azukari.dispatch;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.catalog.OnCrash;
import azukari.database.Database;
import azukari.database.Tx;
import azukari.job.Job;
import azukari.job.JobDeaths;
import azukari.job.JobEvent;
import azukari.job.JobRequests;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.Transitions;
import azukari.outbox.Envelope;
import azukari.outbox.Outbox;
import azukari.outbox.Outbox.Pending;
import azukari.outbox.Relay;
import azukari.platform.Service;
import azukari.watch.JobChanges;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What people may ask of one job: to cancel it, to run it again, to give up a run that does not stop. */
@Service
public class Operations {
    private final Database database;
    private final Catalog catalog;
    private final Verdicts verdicts;
    private final Finisher finisher;
    private final ActiveRuns activeRuns;
    private final DueJobs dueJobs;
    private final Relay relay;
    private final JobChanges changes;
    private final Clock clock;

    @Inject
    public Operations(
            Database database,
            Catalog catalog,
            Verdicts verdicts,
            Finisher finisher,
            ActiveRuns activeRuns,
            DueJobs dueJobs,
            Relay relay,
            JobChanges changes,
            Clock clock) {
        this.database = database;
        this.catalog = catalog;
        this.verdicts = verdicts;
        this.finisher = finisher;
        this.activeRuns = activeRuns;
        this.dueJobs = dueJobs;
        this.relay = relay;
        this.changes = changes;
        this.clock = clock;
    }

    /**
     * Cancels a job. A waiting or queued one ends at once. A running one is only asked to stop (rule 6): on this node at
     * once, on another one within a second; it ends when its handler has returned. A job whose effect is in doubt is asked
     * about first. Asking again changes nothing.
     *
     * @return the job as it is now; empty when there is none
     * @throws RefusedException when it has ended
     */
    public Optional<Job> cancel(UUID id) {
        Optional<Job> job = change(id, this::cancel);
        job.filter(Job::cancelling).ifPresent(asked -> {
            activeRuns.askToCancel(id, asked.fence(), clock.instant());
            dueJobs.wake();
        });
        job.filter(ended -> ended.state() == JobState.CANCELLED)
                .ifPresent(ended -> RunMeters.of(ended.code()).jobEnded(JobState.CANCELLED));
        return job;
    }

    private List<Pending> cancel(Tx tx, Job job, Instant now) {
        if (job.state().ended()) {
            throw new RefusedException("it has ended as " + job.state());
        }
        EventType type = catalog.find(job.code()).orElse(null);
        boolean inDoubt = job.doubtful() && type != null && type.onCrash() == OnCrash.PROBE;
        if (job.state() == JobState.RUNNING || inDoubt) {
            if (!job.cancelling()) {
                askToCancel(tx, job, now);
            }
            return List.of();
        }
        JobRequests.cancel(tx, job, now);
        Envelope event = Envelope.of(job, job.fence());
        return FollowUps.store(tx, verdicts.cancelled(type, event).follows(), now);
    }

    private static void askToCancel(Tx tx, Job job, Instant now) {
        if (job.state() == JobState.QUEUED) {
            JobDeaths.standAside(tx, job.id(), job.fence(), now); // Its message can't be told; the next one says it.
        }
        JobRequests.askToCancel(tx, job, now);
    }

    /**
     * Has a job that ended without success run again, as a new generation.
     *
     * @return the job as it is now; empty when there is none
     * @throws RefusedException when it has succeeded, has not ended, or its event type is gone
     */
    public Optional<Job> retry(UUID id) {
        return change(id, this::retry);
    }

    private List<Pending> retry(Tx tx, Job job, Instant now) {
        if (!Transitions.has(job.state(), JobEvent.RETRY)) {
            throw new RefusedException("it is " + job.state());
        }
        EventType type = catalog.find(job.code())
                .orElseThrow(() -> new RefusedException("event type " + job.code() + " is not in the catalogue"));
        boolean doubtful = job.doubtful() && type.onCrash() == OnCrash.PROBE;
        JobRequests.retry(tx, job, doubtful, now.plus(type.expireAfter()));
        tx.em().refresh(job);
        return List.of(Outbox.add(tx, Envelope.of(job, job.fence()), now));
    }

    /**
     * Gives up a run that ignores being asked to stop, as its event type's {@code onCrash} says. The handler may go on; what
     * it does from here on changes nothing in the table.
     *
     * @return the job as it is now; empty when there is none
     * @throws RefusedException when the job does not run, or its run was not asked to stop
     */
    public Optional<Job> abandon(UUID id) {
        find(id).ifPresent(job -> {
            if (job.state() != JobState.RUNNING || !isAsked(job)) {
                throw new RefusedException("it has no run that was cancelled or is over its time-out");
            }
            if (!finisher.interrupt(job, "an operator abandoned this run")) {
                throw new RefusedException("its run has just ended");
            }
        });
        return find(id);
    }

    private boolean isAsked(Job job) {
        EventType type = catalog.find(job.code()).orElse(null);
        return job.cancelling()
                || type == null
                || clock.instant().isAfter(job.startedAt().plus(type.timeout()));
    }

    @FunctionalInterface
    private interface Request {
        List<Pending> on(Tx tx, Job job, Instant now);
    }

    private Optional<Job> change(UUID id, Request request) {
        List<Pending> pending = new ArrayList<>();
        boolean found = database.inTransaction(tx -> {
            Optional<Job> locked = JobRequests.lock(tx, id);
            locked.ifPresent(job -> pending.addAll(request.on(tx, job, clock.instant())));
            return locked.isPresent();
        });
        relay.offer(pending);
        if (found) {
            changes.committed(id);
        }
        return found ? find(id) : Optional.empty();
    }

    private Optional<Job> find(UUID id) {
        return database.read(em -> JobTable.find(em, id));
    }
}
