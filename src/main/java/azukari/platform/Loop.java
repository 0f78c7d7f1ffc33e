package azukari.platform;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Work that is repeated on a thread of its own: after each pass, the loop waits until it is woken or its pause is over.
 * A pass that throws, even an error, does not end the loop; the first of several consecutive failures is logged, and so is the
 * recovery.
 */
public final class Loop implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Loop.class.getName());
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    private final String name;
    private final Duration pause;
    private final Supplier<Duration> pass;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean stopped;
    private volatile Thread thread;

    Loop(String name, Duration pause, Supplier<Duration> pass) {
        this.name = name;
        this.pause = pause;
        this.pass = pass;
    }

    void startOn(Thread thread) {
        this.thread = thread;
        thread.start();
    }

    /** Makes the next pass begin as soon as the current one is over. */
    public void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    void run() {
        boolean failing = false;
        while (!stopped) {
            Duration wait = pause;
            try {
                wakeUps.drainPermits();
                Duration asked = pass.get();
                wait = asked.compareTo(pause) < 0 ? asked : pause;
                if (failing) {
                    LOG.log(Level.INFO, "{0} works again", name);
                    failing = false;
                }
            } catch (UnavailableException e) {
                if (!failing && !stopped) {
                    LOG.log(Level.WARNING, "{0} waits: {1}", name, e.getMessage());
                    failing = true;
                }
            } catch (RuntimeException | Error e) { // Also for want of memory: nobody else would do this work.
                if (!failing && !stopped) {
                    LOG.log(Level.WARNING, name + " failed; it is retried every " + pause.toMillis() + " ms", e);
                    failing = true;
                }
            }
            await(wait);
        }
    }

    private void await(Duration longest) {
        try {
            if (!stopped) {
                wakeUps.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "{0} was interrupted in its pause and continues; only close() ends it", name);
        }
    }

    /** Ends the loop after its current pass; a pass that takes longer than 10 s is left to die with the process. */
    @Override
    public void close() {
        stopped = true;
        wakeUps.release();
        try {
            thread.join(LONGEST_STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.log(Level.WARNING, "{0} is still busy; its work is picked up by the next start or another node", name);
        }
    }
}
