package azukari.bench;

import static org.awaitility.Awaitility.await;

import azukari.bench.Load.Answers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Posts through to the end: as fast as jobs end, so that a fixed number of them waits all the time.
 */
final class Flow implements AutoCloseable {
    /** A look costs the server well under a millisecond. */
    private static final Duration LOOK = Duration.ofMillis(50);
    /** Until the load has filled the pipe. */
    static final Duration RUN_UP = Duration.ofMillis(1500);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Work work;
    private final Load load;
    private volatile long done;

    Flow(Work work, Load load) {
        this.work = work;
        this.load = load;
    }

    /**
     * Jobs that ended in a time.
     *
     * @param seconds how long that was
     */
    record Rate(long jobs, double seconds) {
        double perSecond() {
            return jobs / seconds;
        }
    }

    /**
     * Posts and measures; call it once before for {@link #RUN_UP}, and what comes then is not measured.
     *
     * @param waiting how many jobs are to be under way at any time; if there are more at first, none is posted until there are not
     */
    Rate hold(long waiting, Duration time) throws InterruptedException {
        long before = work.waiting();
        long doneBefore = work.done();
        long sentBefore = load.sent();
        done = doneBefore;
        Watch watch = new Watch();
        Thread watcher = new Thread(watch, "bench-watch");
        watcher.start();
        try {
            Answers unused = load.post(time, () -> before + (load.sent() - sentBefore) - (done - doneBefore) < waiting);
        } finally {
            watch.over = true;
            watcher.join();
        }
        return watch.rate;
    }

    /** Waits until nothing is under way any more. */
    void awaitEmpty() {
        await("all to have ended").atMost(PATIENCE).pollInterval(LOOK).until(() -> work.waiting() == 0);
    }

    /** Looks again and again how many jobs have ended. */
    private final class Watch implements Runnable {
        private final long atFirst = done;
        private final long begin = System.nanoTime();
        private volatile boolean over;
        private Rate rate;

        @Override
        public void run() {
            try {
                while (!over) {
                    TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
                    done = work.done();
                    rate = new Rate(done - atFirst, (System.nanoTime() - begin) / 1e9);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        work.close();
    }
}
