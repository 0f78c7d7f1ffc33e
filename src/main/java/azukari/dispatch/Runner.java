package azukari.dispatch;

import azukari.catalog.EventType;
import azukari.catalog.OnCrash;
import azukari.handler.BoundHandler;
import azukari.handler.Handlers;
import azukari.handler.Outcome;
import azukari.handler.Probe;
import azukari.job.RunRef;
import azukari.outbox.Envelope;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs a handler, on the lane's thread and without a transaction, and turns whatever happens into a verdict. */
@Service
public class Runner {
    private static final Logger LOG = System.getLogger(Runner.class.getName());

    private final Handlers handlers;
    private final Verdicts verdicts;
    private final Claiming claiming;
    private final ProgressSink progress;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor watchdog;

    @Inject
    public Runner(
            Handlers handlers,
            Verdicts verdicts,
            Claiming claiming,
            ProgressSink progress,
            Threads threads,
            Clock clock) {
        this.handlers = handlers;
        this.verdicts = verdicts;
        this.claiming = claiming;
        this.progress = progress;
        this.clock = clock;
        this.watchdog = new ScheduledThreadPoolExecutor(1, threads.factory());
        this.watchdog.setRemoveOnCancelPolicy(true);
    }

    /** @param type null when this node's catalogue does not have it */
    Verdict run(EventType type, Envelope event, RunRef run, ActiveRun active) {
        if (type == null) {
            return verdicts.unknownType(event);
        }
        boolean probing = event.doubtful() && type.onCrash() == OnCrash.PROBE;
        if (event.cancelling() && !probing) {
            return verdicts.cancelled(type, event);
        }
        if (!claiming.isOpen()) {
            return verdicts.interrupted(type, event, "the node stopped before the handler began");
        }
        Duration timeout = type.timeout();
        Instant deadline = clock.instant().plus(timeout);
        ScheduledFuture<?> timer =
                watchdog.schedule(() -> timeOut(event, active), timeout.toNanos(), TimeUnit.NANOSECONDS);
        LaneRun context = new LaneRun(event, run, active, deadline, progress);
        active.enterHandler(deadline);
        try {
            return call(type, event, context, probing);
        } catch (Throwable thrown) { // Whatever a handler throws ends its run, not the lane.
            return thrown(type, event, active, thrown);
        } finally {
            active.leaveHandler();
            timer.cancel(false);
        }
    }

    private Verdict call(EventType type, Envelope event, LaneRun context, boolean probing) throws Exception {
        BoundHandler<?> handler = handlers.of(type);
        if (probing) {
            Probe answer = handler.probe(event.body(), context);
            if (answer instanceof Probe.Happened happened) {
                return verdicts.of(type, event, happened.outcome());
            }
            if (!(answer instanceof Probe.NotHappened)) {
                return verdicts.untold(type, event);
            }
            if (event.cancelling()) {
                return verdicts.cancelled(type, event);
            }
        }
        Outcome outcome = handler.handle(event.body(), context);
        boolean stopped = context.active().asked() == ActiveRun.Ask.CANCEL && !(outcome instanceof Outcome.Succeeded);
        return stopped ? verdicts.cancelled(type, event) : verdicts.of(type, event, outcome);
    }

    private Verdict thrown(EventType type, Envelope event, ActiveRun active, Throwable thrown) {
        ActiveRun.Ask asked = active.asked();
        if (asked == ActiveRun.Ask.TIMEOUT) {
            return verdicts.timedOut(type, event);
        }
        if (asked == ActiveRun.Ask.CANCEL) {
            return type.onCrash() == OnCrash.RERUN
                    ? verdicts.cancelled(type, event)
                    : verdicts.interrupted(type, event, "the job was cancelled while its handler ran");
        }
        if (asked == ActiveRun.Ask.SHUTDOWN) {
            return verdicts.interrupted(type, event, "the node stopped while the handler ran");
        }
        LOG.log(Level.WARNING, "job " + event.job() + " (" + event.code() + "): its handler threw", thrown);
        return verdicts.threw(type, event, thrown);
    }

    private void timeOut(Envelope event, ActiveRun active) {
        LOG.log(Level.WARNING, "job {0} ({1}) is over its time-out and is asked to stop", event.job(), event.code());
        active.ask(ActiveRun.Ask.TIMEOUT, clock.instant());
    }

    @PreDestroy
    void stop() {
        watchdog.shutdownNow();
    }
}
