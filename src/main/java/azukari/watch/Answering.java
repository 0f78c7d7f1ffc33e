package azukari.watch;

import azukari.platform.Threads;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A few threads that answer whoever has waited; none while nobody is answered. */
final class Answering {
    private static final Logger LOG = System.getLogger(Answering.class.getName());
    private static final int MOST_THREADS = 8;
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

    private final ThreadPoolExecutor pool;

    Answering(Threads threads) {
        pool = new ThreadPoolExecutor(
                MOST_THREADS,
                MOST_THREADS,
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
                LOG.log(Level.DEBUG, "a client that waited could not be answered; most likely it went away", e);
            }
        });
    }

    /** Returns when all are answered, or after a few seconds; later answers are given by the caller's own thread. */
    void stop() {
        pool.setRejectedExecutionHandler((late, closed) -> late.run());
        pool.shutdown();
        try {
            if (!pool.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(
                        Level.WARNING,
                        "{0} waiting clients are not answered before the stop",
                        pool.getQueue().size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
