package azukari.platform;

import io.micrometer.core.instrument.TimeGauge;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Work that is repeated on a thread of its own: after each pass, the loop waits until it is woken or its pause is over.
 * A pass that throws, even an error, does not end the loop; the first of several consecutive failures is logged, and so are another
 * reason to wait and the recovery.
 */
public final class Loop implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Loop.class.getName());
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
    /** A loop that has not gone through for so long, or for so many pauses, shows in the node's health. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

    private static final int MOST_PAUSES = 10;
    private static final Set<Loop> RUNNING = ConcurrentHashMap.newKeySet();
    private static final ThreadLocal<Loop> CURRENT = new ThreadLocal<>();

    private final String name;
    private final Duration pause;
    private final Duration rest;
    private final Supplier<Duration> pass;
    private final Semaphore wakeUps = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean stopped;
    private volatile Thread thread;
    private volatile long wentThrough = System.nanoTime();
    private TimeGauge age;

    Loop(String name, Duration pause, Supplier<Duration> pass) {
        this(name, pause, Duration.ZERO, pass);
    }

    /** @param rest the shortest wait between two passes */
    Loop(String name, Duration pause, Duration rest, Supplier<Duration> pass) {
        this.name = name;
        this.pause = pause;
        this.rest = rest;
        this.pass = pass;
    }

    void startOn(Thread thread) {
        this.thread = thread;
        RUNNING.add(this);
        age = TimeGauge.builder("azukari.loop.age", this, TimeUnit.NANOSECONDS, loop -> loop.age(System.nanoTime()))
                .description("Time since a background loop's last pass that went through")
                .tag("loop", name)
                .register(Telemetry.registry());
        thread.start();
    }

    /**
     * To be asked after each step of a pass that has as many steps as there is work: the loop that this thread runs is getting on,
     * and work that never ends must not keep it from being closed.
     *
     * @return false if the loop is being closed; true otherwise, and on a thread that runs no loop
     */
    public static boolean mayGoOn() {
        Loop loop = CURRENT.get();
        if (loop == null) {
            return true;
        }
        loop.wentThrough = System.nanoTime();
        return !loop.stopped;
    }

    private long age(long now) {
        return now - wentThrough;
    }

    /** The names of the loops that have not gone through for long: more than a minute, and more than ten pauses. */
    public static List<String> stalled() {
        return stalled(System.nanoTime());
    }

    static List<String> stalled(long now) {
        return RUNNING.stream()
                .filter(loop -> loop.age(now) > Math.max(LONGEST_SILENCE.toNanos(), MOST_PAUSES * loop.pause.toNanos()))
                .map(loop -> loop.name)
                .sorted()
                .toList();
    }

    /** Makes the next pass begin as soon as the current one, and the rest after it, are over. */
    public void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    void run() {
        CURRENT.set(this);
        boolean failing = false;
        String waitsFor = null;
        while (!stopped) {
            Duration wait = pause;
            try {
                wakeUps.drainPermits();
                Duration asked = pass.get();
                wentThrough = System.nanoTime();
                wait = asked.compareTo(pause) < 0 ? asked : pause;
                if (failing) {
                    LOG.log(Level.INFO, "{0} works again", name);
                    failing = false;
                    waitsFor = null;
                }
            } catch (UnavailableException e) {
                if (!stopped && !String.valueOf(e.getMessage()).equals(waitsFor)) {
                    LOG.log(Level.WARNING, "{0} waits: {1}", name, e.getMessage());
                    failing = true;
                    waitsFor = String.valueOf(e.getMessage());
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
            if (!closing.await(rest.toNanos(), TimeUnit.NANOSECONDS)) {
                wakeUps.tryAcquire(longest.minus(rest).toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "{0} was interrupted in its pause and continues; only close() ends it", name);
        }
    }

    /** Ends the loop after its current step; one that takes longer than 10 s is left to die with the process. */
    @Override
    public void close() {
        stopped = true;
        closing.countDown();
        RUNNING.remove(this);
        Telemetry.registry().remove(age);
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
