package azukari.dispatch;

import azukari.database.Database;
import azukari.database.Tx;
import azukari.effect.Committer;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.job.FamilyTable;
import azukari.job.Job;
import azukari.job.JobRequests;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.Standing;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** The operations that people may request for one job: cancel it, run it again, give up a run that does not stop. */
@Service
public class Operations {
    private final Database database;
    private final Committer committer;
    private final Exits exits;
    private final Verdicts verdicts;
    private final Renewals renewals;
    private final Cancellation cancellation;
    private final ActiveRuns activeRuns;
    private final Clock clock;

    @Inject
    public Operations(
            Database database,
            Committer committer,
            Exits exits,
            Verdicts verdicts,
            Renewals renewals,
            Cancellation cancellation,
            ActiveRuns activeRuns,
            Clock clock) {
        this.database = database;
        this.committer = committer;
        this.exits = exits;
        this.verdicts = verdicts;
        this.renewals = renewals;
        this.cancellation = cancellation;
        this.activeRuns = activeRuns;
        this.clock = clock;
    }

    /**
     * Cancels a job. A WAITING or QUEUED job ends at once. A RUNNING one is only asked to stop (rule 6): at once if it
     * runs on this node, within a second if it runs on another; it ends when its handler has returned. If it is in
     * doubt whether the job's effect happened, its handler is asked first. One that waits for its children ends when they have,
     * each of which is cancelled. Repeating the request changes nothing.
     *
     * @return the current job; empty if it does not exist
     * @throws RefusedException if it has ended
     */
    public Optional<Job> cancel(UUID id) {
        Optional<Job> job = change(id, cancellation::cancel);
        job.filter(Job::cancelling).ifPresent(asked -> activeRuns.askToCancel(id, asked.fence(), clock.instant()));
        return job;
    }

    /**
     * Runs a job that ended without success again, as a new generation; of one that has children, those that failed.
     *
     * @return the current job; empty if it does not exist
     * @throws RefusedException if it has succeeded, has not ended, or its event type is no longer in the catalogue
     */
    public Optional<Job> retry(UUID id) {
        return change(id, renewals::retry);
    }

    /** What people find out about a job whose effect was in doubt. */
    public enum Decision {
        /** The effect happened. */
        SUCCEEDED,
        /** The effect did not happen, and the job is given up. */
        FAILED,
        /** The effect did not happen, and the job is run again. */
        RERUN
    }

    /**
     * Ends the doubt about a job, or runs it again as a new generation; what follows from its end follows now.
     *
     * @param result what a job that succeeded has as its result; null for none
     * @return the current job; empty if it does not exist
     * @throws RefusedException if it is not UNCERTAIN, or its event type is no longer in the catalogue
     */
    public Optional<Job> resolve(UUID id, Decision decision, JsonNode result) {
        return change(id, (tx, job, now) -> resolve(tx, job, decision, result, now));
    }

    private Effects resolve(Tx tx, Work job, Decision decision, JsonNode result, Instant now) {
        if (job.job().state() != JobState.UNCERTAIN) {
            throw new RefusedException("it is " + job.job().state() + ", not UNCERTAIN");
        }
        if (decision == Decision.RERUN) {
            return renewals.again(tx, job, false, now);
        }
        Renewals.requireType(job);
        Work next = new Work(job.type(), JobRequests.nextGeneration(tx, job.job()));
        Verdict verdict = decision == Decision.SUCCEEDED
                ? verdicts.resolvedAsSucceeded(next, result)
                : verdicts.resolvedAsFailed(next);
        return leave(tx, next, verdict, now);
    }

    /**
     * Gives up a run that ignores the request to stop, as its event type's {@code onCrash} specifies. The handler may
     * continue; whatever it does from then on changes nothing in the table.
     *
     * @return the current job; empty if it does not exist
     * @throws RefusedException if the job is not running, or its run was not asked to stop
     */
    public Optional<Job> abandon(UUID id) {
        find(id).ifPresent(job -> {
            if (job.state() != JobState.RUNNING || !isAsked(job)) {
                throw new RefusedException("it has no run that was cancelled or has exceeded its timeout");
            }
            if (!exits.interrupt(job, "an operator abandoned this run")) {
                throw new RefusedException("its run has just ended");
            }
        });
        return find(id);
    }

    private boolean isAsked(Job job) {
        Work work = exits.work(Standing.of(job));
        return job.cancelling()
                || work.type() == null
                || clock.instant().isAfter(job.startedAt().plus(work.type().timeout()));
    }

    private static Effects leave(Tx tx, Work job, Verdict verdict, Instant now) {
        return ExitStep.leave(tx, List.of(Leaving.unclaimed(job, verdict, now)))
                .get(0)
                .effects();
    }

    @FunctionalInterface
    private interface Request {
        Effects on(Tx tx, Work job, Instant now);
    }

    private Optional<Job> change(UUID id, Request request) {
        boolean found = committer.commit(tx -> {
            FamilyTable.lockParentOf(tx, id);
            return JobRequests.lock(tx, id)
                    .map(job -> new Done<>(true, changed(id).and(request.on(tx, exits.work(job), clock.instant()))))
                    .orElseGet(() -> Done.of(false));
        });
        return found ? find(id) : Optional.empty();
    }

    private static Effects changed(UUID id) {
        return Effects.changed(List.of(id));
    }

    private Optional<Job> find(UUID id) {
        return database.read(em -> JobTable.find(em, id));
    }
}
