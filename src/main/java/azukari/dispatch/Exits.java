package azukari.dispatch;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.database.Tx;
import azukari.effect.Committer;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.JobTable.Queued;
import azukari.job.RunRef;
import azukari.job.Standing;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Moves jobs out of their states through {@link ExitStep}, and performs what follows from that. */
@Service
public class Exits {
    private final Committer committer;
    private final Catalog catalog;
    private final Verdicts verdicts;
    private final Clock clock;
    private final ExitStep step = new ExitStep();

    @Inject
    public Exits(Committer committer, Catalog catalog, Verdicts verdicts, Clock clock) {
        this.committer = committer;
        this.catalog = catalog;
        this.verdicts = verdicts;
        this.clock = clock;
    }

    /**
     * Commits all of them together.
     *
     * @return for each job, whether it was as the caller knew it; if not, nothing was changed for it
     */
    List<Boolean> leave(List<Leaving> together) {
        return committer.submit(step, together);
    }

    /** Commits the exit of one job. */
    boolean leave(Leaving leaving) {
        return leave(List.of(leaving)).get(0);
    }

    /**
     * Ends a run that nobody is executing any longer, as its event type's {@code onCrash} specifies.
     *
     * @param job a RUNNING job, as it was read
     * @param how what interrupted the run, for the ledger
     * @return false if the job has changed since; then nothing was done
     */
    public boolean interrupt(Job job, String how) {
        Work work = work(Standing.of(job));
        Verdict verdict = job.poisonous() ? verdicts.poisonous(work) : verdicts.interrupted(work, how);
        return leave(new Leaving(work, RunRef.of(job), verdict, null, clock.instant()));
    }

    /** Gives back a run that was claimed but never begun; false if the job has changed since. */
    public boolean giveBack(Job job) {
        Work work = work(Standing.of(job));
        return leave(new Leaving(work, RunRef.of(job), verdicts.notBegun(), null, clock.instant()));
    }

    /**
     * Puts QUEUED jobs on the wire again, with a new fence, in the caller's transaction.
     *
     * @return how many were still as they were read, and what is to be done after the commit
     */
    public Done<Integer> resend(Tx tx, List<Queued> jobs) {
        Instant now = clock.instant();
        Set<Queued> wanted = Set.copyOf(jobs);
        List<Leaving> leavings = Standing.read(tx, jobs.stream().map(Queued::id).collect(Collectors.toSet())).stream()
                .filter(job -> job.state() == JobState.QUEUED
                        && wanted.contains(new Queued(job.job(), job.ticket().fence())))
                .map(job -> Leaving.unclaimed(work(job), verdicts.resent(), now))
                .toList();
        int sum = 0;
        Effects effects = Effects.none();
        for (Done<Boolean> done : ExitStep.leave(tx, leavings)) {
            sum += done.value() ? 1 : 0;
            effects = effects.and(done.effects());
        }
        return new Done<>(sum, effects);
    }

    /** A job with its event type, if this node's catalogue contains it. */
    Work work(Standing job) {
        EventType type = catalog.ofJob(job.event().code()).orElse(null);
        return new Work(type, job);
    }
}
