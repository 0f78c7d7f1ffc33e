package azukari.dispatch;

import azukari.catalog.HandlerSpec;
import azukari.catalog.OnCrash;
import azukari.handler.BoundHandler;
import azukari.handler.Handlers;
import azukari.handler.Outcome;
import azukari.handler.Probe;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs a handler on the lane's thread, without a transaction, and turns whatever happens into a verdict. */
@Service
public class Runner {
    private static final Logger LOG = System.getLogger(Runner.class.getName());

    private final Handlers handlers;
    private final Verdicts verdicts;
    private final Claiming claiming;
    private final ProgressSink progress;
    private final CallSlots slots;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor watchdog;

    @Inject
    public Runner(
            Handlers handlers,
            Verdicts verdicts,
            Claiming claiming,
            ProgressSink progress,
            CallSlots slots,
            Threads threads,
            Clock clock) {
        this.handlers = handlers;
        this.verdicts = verdicts;
        this.claiming = claiming;
        this.progress = progress;
        this.slots = slots;
        this.clock = clock;
        this.watchdog = new ScheduledThreadPoolExecutor(1, threads.factory());
        this.watchdog.setRemoveOnCancelPolicy(true);
    }

    Verdict run(Run run) {
        Work work = run.work();
        if (work.type() == null) {
            return verdicts.unknownType(work);
        }
        if (run.active().begunBefore()) {
            return verdicts.begunBefore(work);
        }
        boolean probing = isProbed(work);
        if (work.ticket().doubtful() && work.type().onCrash() == OnCrash.ASK) {
            return verdicts.doubtfulFromBefore(work);
        }
        if (work.ticket().cancelling() && !probing) {
            return verdicts.cancelled(work);
        }
        if (!claiming.isOpen()) {
            return verdicts.notBegun();
        }
        if (!work.type().fanOut().isEmpty()) {
            return verdicts.fannedOut(work, run.body());
        }
        if (work.event().limited() && !awaitSlot(run)) {
            return Verdicts.sentBack(clock.instant());
        }
        Duration timeout = work.type().timeout();
        Instant deadline = clock.instant().plus(timeout);
        ScheduledFuture<?> timer = watchdog.schedule(() -> timeOut(run), timeout.toNanos(), TimeUnit.NANOSECONDS);
        run.active().enterHandler(deadline);
        try {
            Verdict verdict = call(run, new LaneRun(run, deadline, progress, slots), probing);
            return verdicts.closing(work, verdict, run.active().noCallsBefore());
        } catch (Throwable thrown) { // Whatever a handler throws ends its run, not the lane.
            return thrown(run, writable(thrown));
        } finally {
            run.active().leaveHandler();
            timer.cancel(false);
        }
    }

    /** An HTTP target does when its connection is ready; what a bean does first is not known. */
    static boolean waitsForItsSlot(Work work) {
        return work.type() != null && work.type().handler() instanceof HandlerSpec.HttpHandler;
    }

    /**
     * Waits for the slot of the run's call, or until it is time to prepare that; returns false if the next slot is too far away. A bean's
     * slot is used up then.
     */
    private boolean awaitSlot(Run run) {
        try {
            if (!waitsForItsSlot(run.work())) {
                return slots.await(run.job(), run.slot());
            }
            if (run.slot() != null) {
                run.slot().awaitPreparation();
                run.active().setSlot(run.slot());
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isProbed(Work work) {
        return work.ticket().doubtful() && work.type().onCrash() == OnCrash.PROBE;
    }

    private Verdict call(Run run, LaneRun context, boolean probing) throws Exception {
        Work work = run.work();
        BoundHandler<?> handler = handlers.of(work.type());
        if (probing) {
            Probe answer = handler.probe(run.body(), context);
            if (answer instanceof Probe.Happened happened) {
                return verdicts.of(work, happened.outcome());
            }
            if (!(answer instanceof Probe.NotHappened)) {
                return verdicts.unknowable(work);
            }
            if (work.ticket().cancelling()) {
                return verdicts.cancelled(work);
            }
            if (!waitsForItsSlot(work)) {
                context.awaitSlot(); // The probe was a call, too.
            }
        }
        Outcome outcome = handler.handle(run.body(), context);
        boolean stopped = run.active().asked() == ActiveRun.Ask.CANCEL && !(outcome instanceof Outcome.Succeeded);
        if (stopped && outcome instanceof Outcome.Unknown unknown) {
            return verdicts.interrupted(work, unknown.reason());
        }
        return stopped ? verdicts.cancelled(work) : verdicts.of(work, outcome);
    }

    /** The same, or another one in its place if it can't be written down because its own methods throw. */
    private static Throwable writable(Throwable thrown) {
        try {
            thrown.printStackTrace(new PrintWriter(Writer.nullWriter()));
            return thrown;
        } catch (RuntimeException | Error e) {
            Throwable standIn = new IllegalStateException(thrown.getClass().getName()
                    + ", whose message can't be read: " + e.getClass().getName());
            return standIn;
        }
    }

    private Verdict thrown(Run run, Throwable thrown) {
        Work work = run.work();
        ActiveRun.Ask asked = run.active().asked();
        if (thrown instanceof NoSlotException none) {
            return none.sendsBack()
                    ? Verdicts.sentBack(clock.instant())
                    : verdicts.of(work, Outcome.snooze(clock.instant(), none.getMessage()));
        }
        if (asked == ActiveRun.Ask.TIMEOUT) {
            return verdicts.timedOut(work);
        }
        if (asked == ActiveRun.Ask.CANCEL) {
            return work.type().onCrash() == OnCrash.RERUN
                    ? verdicts.cancelled(work)
                    : verdicts.interrupted(work, "the job was cancelled while its handler ran");
        }
        if (asked == ActiveRun.Ask.SHUTDOWN) {
            return verdicts.interrupted(work, "the node stopped while the handler ran");
        }
        LOG.log(Level.WARNING, "job " + run.job() + " (" + run.code() + "): its handler threw", thrown);
        return verdicts.threw(work, thrown);
    }

    private void timeOut(Run run) {
        LOG.log(Level.WARNING, "job {0} ({1}) exceeded its timeout and is asked to stop", run.job(), run.code());
        run.active().ask(ActiveRun.Ask.TIMEOUT, clock.instant());
    }

    @PreDestroy
    void stop() {
        watchdog.shutdownNow();
    }
}
