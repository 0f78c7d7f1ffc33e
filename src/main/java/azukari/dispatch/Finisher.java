package azukari.dispatch;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.database.Gate;
import azukari.dispatch.FinishStep.Finish;
import azukari.dispatch.FinishStep.Finished;
import azukari.job.Job;
import azukari.job.JobEvent;
import azukari.job.RunRef;
import azukari.notify.Feed;
import azukari.outbox.Envelope;
import azukari.outbox.Relay;
import azukari.platform.Service;
import azukari.watch.JobChanges;
import jakarta.inject.Inject;
import java.time.Clock;

/** Commits the end of a run and sets going what follows from it. */
@Service
public class Finisher {
    private final Gate gate;
    private final Relay relay;
    private final Feed feed;
    private final DueJobs dueJobs;
    private final ProgressNotes progress;
    private final JobChanges changes;
    private final Verdicts verdicts;
    private final Catalog catalog;
    private final Clock clock;
    private final FinishStep step = new FinishStep();

    @Inject
    public Finisher(
            Gate gate,
            Relay relay,
            Feed feed,
            DueJobs dueJobs,
            ProgressNotes progress,
            JobChanges changes,
            Verdicts verdicts,
            Catalog catalog,
            Clock clock) {
        this.gate = gate;
        this.relay = relay;
        this.feed = feed;
        this.dueJobs = dueJobs;
        this.progress = progress;
        this.changes = changes;
        this.verdicts = verdicts;
        this.catalog = catalog;
        this.clock = clock;
    }

    /**
     * Commits a verdict.
     *
     * @return false when the run was not its owner's any more, and nothing was changed
     */
    boolean finish(RunRef run, Envelope event, Verdict verdict) {
        Finished finished = gate.submit(step, new Finish(run, event, verdict, progress.take(run), clock.instant()));
        relay.offer(finished.pending());
        if (finished.won()) {
            RunMeters.of(event.code()).runEnded(verdict.ending().outcome());
            changes.committed(run.job());
        }
        if (finished.won() && !verdict.notices().isEmpty()) {
            feed.wake();
        }
        if (finished.won() && verdict.ending().event() == JobEvent.POSTPONE) {
            dueJobs.wake();
        }
        return finished.won();
    }

    /**
     * Ends a run that nobody is running any more, the way its event type's {@code onCrash} says.
     *
     * @param job a RUNNING row, as it was read
     * @param how what cut the run off, for the ledger
     * @return false when the row has changed since, and nothing was done
     */
    public boolean interrupt(Job job, String how) {
        Envelope event = Envelope.of(job, job.fence());
        EventType type = catalog.find(job.code()).orElse(null);
        Verdict verdict = job.poisonous() ? verdicts.poisonous(type, event) : verdicts.interrupted(type, event, how);
        return finish(RunRef.of(job), event, verdict);
    }
}
