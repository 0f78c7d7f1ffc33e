package azukari.watch;

import azukari.platform.Threads;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A small thread pool that answers waiting clients; it has no threads while idle. */
final class Answering {
    private static final Logger LOG = System.getLogger(Answering.class.getName());
    private static final int MAX_THREADS = 8;
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

    private final ThreadPoolExecutor pool;

    Answering(Threads threads) {
        pool = new ThreadPoolExecutor(
                MAX_THREADS,
                MAX_THREADS,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                threads.factory());
        pool.allowCoreThreadTimeOut(true);
    }

    void answer(Runnable answer) {
        pool.execute(() -> {
            try {
                answer.run();
            } catch (RuntimeException e) {
                LOG.log(Level.DEBUG, "could not answer a waiting client; it has probably disconnected", e);
            }
        });
    }

    /** Returns when all clients have been answered, or after a few seconds; later answers run on the caller's thread. */
    void stop() {
        pool.setRejectedExecutionHandler((late, closed) -> late.run());
        pool.shutdown();
        try {
            if (!pool.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(
                        Level.WARNING,
                        "{0} waiting clients could not be answered before shutdown",
                        pool.getQueue().size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
