package azukari.dispatch;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.handler.BoundHandler;
import azukari.handler.Handlers;
import azukari.job.JobState;
import azukari.job.RunRef;
import azukari.job.Standing;
import azukari.outbox.Envelope;
import azukari.platform.Ids;
import azukari.platform.Threads;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs a handler as a lane does, with the same timeout and the same verdict, but for a message that nobody sent:
 * nothing is claimed before, and nothing is committed after. The test kit is built on it.
 */
public final class Rehearsal {
    private final Catalog catalog;
    private final Clock clock;

    public Rehearsal(Catalog catalog, Clock clock) {
        this.catalog = catalog;
        this.clock = clock;
    }

    /**
     * Runs a handler on this thread.
     *
     * @param event the message that the run begins with; its event type is in the catalogue
     * @param asks the delays after which the run is asked to stop, by reason; zero: before the handler begins
     * @param progress receives the progress that the handler reports, on whichever thread it reports it
     */
    public Verdict run(
            Envelope event,
            BoundHandler<?> handler,
            Map<ActiveRun.Ask, Duration> asks,
            Consumer<ProgressNote> progress) {
        EventType type = catalog.find(event.code()).orElseThrow();
        Incarnation nobody = new Incarnation(Ids.next(), "rehearsal");
        Claiming claiming = new Claiming();
        claiming.open(nobody, System.nanoTime() + Long.MAX_VALUE / 2);
        ActiveRun active =
                new ActiveRun(event.job(), event.fence(), event.ticket().cancelling());
        Work work = new Work(type, new Standing(event.event(), event.ticket(), JobState.QUEUED, null));
        Threads threads = new Threads(Rehearsal::daemon);
        ScheduledExecutorService asking = new ScheduledThreadPoolExecutor(1, threads.factory());
        Runner runner = new Runner(
                Handlers.of(Map.of(type.code(), handler)),
                new Verdicts(catalog, clock),
                claiming,
                (run, note) -> progress.accept(note),
                CallSlots.UNLIMITED,
                threads,
                clock);
        try {
            asks.forEach((why, after) -> ask(asking, active, why, after));
            return runner.run(new Run(work, event.body(), claimed(event, nobody), active, null));
        } finally {
            asking.shutdownNow();
            runner.stop();
        }
    }

    private void ask(ScheduledExecutorService asking, ActiveRun active, ActiveRun.Ask why, Duration after) {
        if (after.isZero()) {
            active.ask(why, clock.instant());
        } else {
            var unused = asking.schedule(() -> active.ask(why, clock.instant()), after.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private RunRef claimed(Envelope event, Incarnation by) {
        return new RunRef(
                event.job(),
                event.fence() + 1,
                by.id(),
                by.node(),
                event.ticket().run() + 1,
                event.ticket().attempt() + 1,
                clock.instant());
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "azukari-rehearsal");
        thread.setDaemon(true);
        return thread;
    }
}
