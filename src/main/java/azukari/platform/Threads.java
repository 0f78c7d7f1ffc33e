package azukari.platform;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * Creates background threads with the container's factory, so that they carry its class loader and naming context.
 *
 * @param factory creates the threads
 */
public record Threads(ThreadFactory factory) {

    /**
     * Starts a loop that runs a pass, waits until it is woken or the pause is over, and runs the next.
     *
     * @param name the thread's name, also used in the log
     * @param pause the longest wait between two passes
     * @param pass one pass; if it throws, the failure is logged and the next pass follows after the pause
     */
    public Loop loop(String name, Duration pause, Runnable pass) {
        return loopUntil(name, pause, () -> {
            pass.run();
            return pause;
        });
    }

    /**
     * As {@link #loop}, but each pass returns the longest wait until the next.
     *
     * @param pause the longest wait, and the wait after a failure
     * @param pass one pass; returns how long to wait, zero or less for not at all
     */
    public Loop loopUntil(String name, Duration pause, Supplier<Duration> pass) {
        return loopUntil(name, pause, Duration.ZERO, pass);
    }

    /**
     * As {@link #loopUntil(String, Duration, Supplier)}, but with a rest after each pass, however often the loop is woken
     * meanwhile: what comes in a stream is worked off together.
     *
     * @param rest the shortest wait
     */
    public Loop loopUntil(String name, Duration pause, Duration rest, Supplier<Duration> pass) {
        Loop loop = new Loop(name, pause, rest, pass);
        Thread thread = factory.newThread(loop::run);
        thread.setName("azukari-" + name);
        thread.setDaemon(true);
        loop.startOn(thread);
        return loop;
    }
}
