package azukari.dispatch;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.database.DatabaseUnavailableException;
import azukari.database.DatabaseWatch;
import azukari.database.Gate;
import azukari.database.TransactionConflictException;
import azukari.job.JobTable.Claim;
import azukari.job.RunRef;
import azukari.outbox.Envelope;
import azukari.platform.LogContext;
import azukari.platform.Service;
import azukari.watch.JobChanges;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * The path of one message: claim, run, finish. While the database is away the lane's thread waits with its message, before
 * the claim as after the run: nothing is bounced, and no finished work is done again for want of a commit (rule 2).
 */
@Service
public class Dispatcher {
    private static final Logger LOG = System.getLogger(Dispatcher.class.getName());

    private final Catalog catalog;
    private final Claiming claiming;
    private final ActiveRuns activeRuns;
    private final Gate gate;
    private final DatabaseWatch databaseWatch;
    private final Suspects suspects;
    private final ClaimStep claim;
    private final Runner runner;
    private final Verdicts verdicts;
    private final Finisher finisher;
    private final DueJobs dueJobs;
    private final JobChanges changes;
    private final Clock clock;

    @Inject
    public Dispatcher(
            Catalog catalog,
            Claiming claiming,
            ActiveRuns activeRuns,
            Gate gate,
            DatabaseWatch databaseWatch,
            Suspects suspects,
            ClaimStep claim,
            Runner runner,
            Verdicts verdicts,
            Finisher finisher,
            DueJobs dueJobs,
            JobChanges changes,
            Clock clock) {
        this.catalog = catalog;
        this.claiming = claiming;
        this.activeRuns = activeRuns;
        this.gate = gate;
        this.databaseWatch = databaseWatch;
        this.suspects = suspects;
        this.claim = claim;
        this.runner = runner;
        this.verdicts = verdicts;
        this.finisher = finisher;
        this.dueJobs = dueJobs;
        this.changes = changes;
        this.clock = clock;
    }

    /** Works one message off; when it returns, the message may be forgotten. */
    void dispatch(Envelope event) {
        claiming.awaitOpen();
        ActiveRun active = activeRuns.enter(event);
        if (active == null) {
            return; // The same message, delivered a second time while the first is being worked on.
        }
        RunMeters.OfLane lane = RunMeters.ofLane(event.lane());
        lane.begin();
        LogContext.enter(event.job(), event.root(), event.run() + 1);
        try {
            work(event, active);
        } finally {
            LogContext.leave();
            lane.end();
            activeRuns.leave(active);
        }
    }

    private void work(Envelope event, ActiveRun active) {
        if (!clock.instant().isBefore(event.expiresAt())) {
            whenDatabaseAnswers(() -> {
                dueJobs.expire(event);
                return true;
            });
            return;
        }
        if (!whenDatabaseAnswers(() -> suspects.admit(event))) {
            return; // It waits in the table.
        }
        try {
            run(event, active);
        } finally {
            suspects.leave(event);
        }
    }

    private void run(Envelope event, ActiveRun active) {
        RunRef run = whenDatabaseAnswers(() -> claim(event));
        if (run == null) {
            return; // Somebody else's, or over: the message is out of date.
        }
        EventType type = catalog.find(event.code()).orElse(null);
        RunMeters.ofLane(event.lane()).pickedUp(event, run.startedAt());
        Verdict verdict = RunMeters.of(event.code()).handler().record(() -> runner.run(type, event, run, active));
        boolean committed = whenDatabaseAnswers(() -> finish(run, event, type, verdict));
        if (!committed) {
            LOG.log(
                    Level.INFO,
                    "job {0}, run {1}: its end was committed before, or the run was taken away; this end changes nothing",
                    run.job(),
                    run.number());
        }
    }

    /** Null when the job is not to be run by this message. */
    private RunRef claim(Envelope event) {
        Incarnation me = claiming.claimant();
        Instant now = clock.instant();
        boolean mine = gate.submit(claim, new Claim(event.job(), event.fence(), me.id(), me.node(), now));
        if (mine) {
            changes.committed(event.job());
        }
        return mine
                ? new RunRef(
                        event.job(), event.fence() + 1, me.id(), me.node(), event.run() + 1, event.attempt() + 1, now)
                : null;
    }

    /** An outcome that can't be stored ends the job: redelivered, or run again, it would be refused again, for ever. */
    private boolean finish(RunRef run, Envelope event, EventType type, Verdict verdict) {
        try {
            return finisher.finish(run, event, verdict);
        } catch (DatabaseUnavailableException | TransactionConflictException e) {
            throw e; // Nothing is wrong with the outcome: it is tried again.
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "job " + run.job() + " (" + event.code() + "): its outcome can't be stored", e);
            return finisher.finish(run, event, verdicts.notStorable(type, event, e));
        }
    }

    private <T> T whenDatabaseAnswers(Supplier<T> step) {
        while (true) {
            long mark = databaseWatch.mark();
            try {
                return step.get();
            } catch (TransactionConflictException e) {
                LOG.log(Level.DEBUG, "a step lost one conflict after another and is tried again", e);
            } catch (DatabaseUnavailableException e) {
                awaitDatabase(mark, e);
            }
        }
    }

    private void awaitDatabase(long mark, DatabaseUnavailableException why) {
        try {
            databaseWatch.awaitReturn(mark, why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedeliverException("the lane was interrupted while it waited for the database", e);
        }
    }
}
