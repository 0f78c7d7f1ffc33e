package azukari.dispatch;

import azukari.catalog.OnCrash;
import azukari.database.Database;
import azukari.database.Tx;
import azukari.effect.Committer;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.intake.Queueing;
import azukari.job.Job;
import azukari.job.JobEvent;
import azukari.job.JobRequests;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.Standing;
import azukari.job.Transitions;
import azukari.limit.Need;
import azukari.limit.Needs;
import azukari.limit.Permits;
import azukari.limit.Permits.Needy;
import azukari.platform.Json;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** The operations that people may request for one job: cancel it, run it again, give up a run that does not stop. */
@Service
public class Operations {
    private final Database database;
    private final Committer committer;
    private final Exits exits;
    private final Verdicts verdicts;
    private final ActiveRuns activeRuns;
    private final Clock clock;

    @Inject
    public Operations(
            Database database,
            Committer committer,
            Exits exits,
            Verdicts verdicts,
            ActiveRuns activeRuns,
            Clock clock) {
        this.database = database;
        this.committer = committer;
        this.exits = exits;
        this.verdicts = verdicts;
        this.activeRuns = activeRuns;
        this.clock = clock;
    }

    /**
     * Cancels a job. A WAITING or QUEUED job ends at once. A RUNNING one is only asked to stop (rule 6): at once if it
     * runs on this node, within a second if it runs on another; it ends when its handler has returned. If it is in
     * doubt whether the job's effect happened, its handler is asked first. Repeating the request changes nothing.
     *
     * @return the current job; empty if it does not exist
     * @throws RefusedException if it has ended
     */
    public Optional<Job> cancel(UUID id) {
        Optional<Job> job = change(id, this::cancel);
        job.filter(Job::cancelling).ifPresent(asked -> activeRuns.askToCancel(id, asked.fence(), clock.instant()));
        return job;
    }

    private Effects cancel(Tx tx, Work job, Instant now) {
        JobState state = job.job().state();
        if (state.ended()) {
            throw new RefusedException("it has ended as " + state);
        }
        boolean inDoubt =
                job.ticket().doubtful() && job.type() != null && job.type().onCrash() == OnCrash.PROBE;
        if (state != JobState.RUNNING && !inDoubt) {
            return leave(tx, job, verdicts.cancelled(job), now);
        }
        Effects effects = Effects.none();
        if (!job.ticket().cancelling()) {
            if (state == JobState.QUEUED) {
                effects = leave(tx, job, Verdicts.standingAside(now), now); // Its next message states it.
            }
            JobRequests.askToCancel(tx, job.id(), now);
        }
        return effects.and(Effects.ofPostponement());
    }

    /**
     * Runs a job that ended without success again, as a new generation.
     *
     * @return the current job; empty if it does not exist
     * @throws RefusedException if it has succeeded, has not ended, or its event type is no longer in the catalogue
     */
    public Optional<Job> retry(UUID id) {
        return change(id, this::retry);
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
            return again(tx, job, false, now);
        }
        requireType(job);
        Work next = new Work(job.type(), JobRequests.nextGeneration(tx, job.job()));
        Verdict verdict = decision == Decision.SUCCEEDED
                ? verdicts.resolvedAsSucceeded(next, result)
                : verdicts.resolvedAsFailed(next);
        return leave(tx, next, verdict, now);
    }

    private Effects retry(Tx tx, Work job, Instant now) {
        if (!Transitions.has(job.job().state(), JobEvent.RETRY)) {
            throw new RefusedException("it is " + job.job().state());
        }
        requireType(job);
        return again(tx, job, job.ticket().doubtful() && job.type().onCrash() == OnCrash.PROBE, now);
    }

    private static void requireType(Work job) {
        if (job.type() == null) {
            throw new RefusedException("event type " + job.code() + " is not in the catalogue");
        }
    }

    private Effects again(Tx tx, Work job, boolean doubtful, Instant now) {
        requireType(job);
        Set<UUID> released = Permits.release(tx, List.of(job.id()));
        List<Need> needs = needs(tx, job);
        Permits.add(
                tx,
                needs.isEmpty()
                        ? List.of()
                        : List.of(new Needy(
                                job.id(),
                                needs,
                                job.event().priority(),
                                job.event().submitter(),
                                false)),
                now);
        Standing renewed = JobRequests.renew(
                tx, job.job(), doubtful, !needs.isEmpty(), now.plus(job.type().expireAfter()), now);
        return Queueing.queue(tx, List.of(renewed), now).effects().and(Effects.ofCapacities(released));
    }

    /** What the job needs by its event type's document as it is now. */
    private static List<Need> needs(Tx tx, Work job) {
        if (!job.type().limited()) {
            return List.of();
        }
        String body = JobTable.payloads(tx, List.of(job.id()), Long.MAX_VALUE)
                .get(job.id())
                .body();
        JsonNode tree = Json.read(body);
        if (!job.type().validate(tree).isEmpty()) {
            throw new RefusedException("its body does not match the event type as it is now");
        }
        return Needs.of(job.type(), tree);
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
        boolean found = committer.commit(tx -> JobRequests.lock(tx, id)
                .map(job -> new Done<>(true, changed(id).and(request.on(tx, exits.work(job), clock.instant()))))
                .orElseGet(() -> Done.of(false)));
        return found ? find(id) : Optional.empty();
    }

    private static Effects changed(UUID id) {
        return Effects.changed(List.of(id));
    }

    private Optional<Job> find(UUID id) {
        return database.read(em -> JobTable.find(em, id));
    }
}
