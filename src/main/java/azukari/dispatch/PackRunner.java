package azukari.dispatch;

import azukari.dispatch.Pack.Ended;
import azukari.dispatch.Pack.Leftovers;
import azukari.job.RunOutcome;
import azukari.limit.HoldTimes;
import azukari.limit.Slot;
import azukari.outbox.RunTimes;
import azukari.platform.LogContext;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the jobs that a message brought, one after another on the lane's thread, and commits their ends together. A pack
 * that does not complete in time is broken up: what has ended is committed at once, what has not begun is queued again,
 * and the current run continues on its own. So a slow job delays no other. A pack of limited jobs waits for the slot of the
 * first of their calls; its time begins there.
 */
@Service
class PackRunner {
    static final Duration LONGEST = Duration.ofMillis(20);
    private static final Comparator<Run> BY_SLOT =
            Comparator.comparing(Run::slot, Comparator.nullsFirst(Slot.IN_ORDER));

    private final Runner runner;
    private final Verdicts verdicts;
    private final Finishing finishing;
    private final ActiveRuns activeRuns;
    private final RunTimes times;
    private final HoldTimes holdTimes;
    private final Calls slots;
    private final Duration longest;
    private final ScheduledThreadPoolExecutor watchdog;
    /** Break-ups wait for the database, so they have their own threads, at most as many as there are sessions. */
    private final ExecutorService breakUps;

    @Inject
    PackRunner(
            Runner runner,
            Verdicts verdicts,
            Finishing finishing,
            ActiveRuns activeRuns,
            RunTimes times,
            HoldTimes holdTimes,
            Calls slots,
            Threads threads) {
        this(runner, verdicts, finishing, activeRuns, times, holdTimes, slots, threads, LONGEST);
    }

    /** @param longest how long a pack may take before it is broken up */
    PackRunner(
            Runner runner,
            Verdicts verdicts,
            Finishing finishing,
            ActiveRuns activeRuns,
            RunTimes times,
            HoldTimes holdTimes,
            Calls slots,
            Threads threads,
            Duration longest) {
        this.longest = longest;
        this.runner = runner;
        this.verdicts = verdicts;
        this.finishing = finishing;
        this.activeRuns = activeRuns;
        this.times = times;
        this.holdTimes = holdTimes;
        this.slots = slots;
        this.watchdog = new ScheduledThreadPoolExecutor(1, threads.factory());
        this.watchdog.setRemoveOnCancelPolicy(true);
        this.breakUps = Executors.newCachedThreadPool(threads.factory());
    }

    /** Runs all of them; when this returns, every end is committed. */
    void run(List<Run> runs) {
        if (runs.size() == 1) {
            finishing.finish(runs.get(0), runOne(runs.get(0)));
            return;
        }
        List<Run> inOrder = runs.stream().sorted(BY_SLOT).toList();
        Pack pack = new Pack(inOrder);
        CompletableFuture<Void> brokenUp = new CompletableFuture<>();
        Future<?> timer = watchdog.schedule(
                () -> breakUps.execute(() -> breakUp(pack, brokenUp)),
                inOrder.get(0).untilSlot() + longest.toNanos(),
                TimeUnit.NANOSECONDS);
        try {
            for (Run run = pack.next(); run != null; run = pack.next()) {
                Verdict verdict = runOne(run);
                if (!pack.end(run, verdict)) {
                    finishing.finish(run, verdict);
                }
            }
        } finally {
            timer.cancel(false);
            List<Ended> ended = pack.close();
            if (!ended.isEmpty()) {
                finishing.finish(ended, List.of());
            }
            if (pack.isBrokenUp()) {
                await(brokenUp);
            }
        }
    }

    private Verdict runOne(Run run) {
        LogContext.enter(run.job(), run.work().event().root(), run.ref().number());
        long since = System.nanoTime();
        try {
            if (run.active().asked() == ActiveRun.Ask.CANCEL
                    && !run.work().ticket().doubtful()
                    && !run.active().begunBefore()) {
                return verdicts.cancelled(run.work()); // Cancelled before its turn.
            }
            Verdict verdict = RunMeters.of(run.code()).handler().record(() -> runner.run(run));
            note(run, verdict, since);
            return verdict;
        } finally {
            LogContext.leave();
        }
    }

    /**
     * An event type that may not travel in packs is never recorded, and so is never considered short; nor is a limited call of a
     * target: where one is late, those behind it would miss their slots. Waiting for its slot is no part of a run.
     */
    private void note(Run run, Verdict verdict, long since) {
        if (!run.active().hasBegun() || verdict.ending().outcome() == RunOutcome.NOT_BEGUN) {
            return; // Its handler, or what that calls, was not called.
        }
        boolean limitedTarget = run.work().event().limited() && Runner.waitsForItsSlot(run.work());
        if (run.work().type() != null && run.work().type().packs() && !limitedTarget) {
            times.note(run.code(), run.active().ran());
        }
        if (run.work().event().limited()) {
            holdTimes.note(run.code(), Duration.ofNanos(System.nanoTime() - since));
        }
    }

    private void breakUp(Pack pack, CompletableFuture<Void> done) {
        try {
            Leftovers leftovers = pack.breakUp();
            if (leftovers != null) {
                if (leftovers.current() != null && leftovers.current().active().hasBegun()) {
                    times.note(
                            leftovers.current().code(),
                            leftovers.current().active().ran());
                }
                slots.giveBack(leftovers.notBegun());
                finishing.finish(leftovers.ended(), leftovers.notBegun());
                leftovers.notBegun().forEach(run -> activeRuns.leave(run.active()));
            }
            done.complete(null);
        } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
        }
    }

    /**
     * Waits even if the lane is interrupted: if the message were redelivered meanwhile, what is being given back might
     * be run.
     */
    private static void await(CompletableFuture<Void> brokenUp) {
        try {
            brokenUp.join();
        } catch (CompletionException e) {
            throw new RedeliverException("a pack could not be broken up; the rest of it is redelivered", e);
        }
    }

    @PreDestroy
    void stop() {
        watchdog.shutdownNow();
        breakUps.shutdownNow();
    }
}
