package azukari.platform;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * Where background threads come from: the container's factory, so that they carry its class loader and naming context.
 *
 * @param factory makes the threads
 */
public record Threads(ThreadFactory factory) {

    /**
     * Starts a loop that runs a pass, waits until it is woken or the pause is over, and runs the next.
     *
     * @param name the thread's name, and what logs call it
     * @param pause the longest wait between two passes
     * @param pass one pass; when it throws, that is logged and the next pass comes after the pause
     */
    public Loop loop(String name, Duration pause, Runnable pass) {
        return loopUntil(name, pause, () -> {
            pass.run();
            return pause;
        });
    }

    /**
     * As {@link #loop}, but each pass says how long to wait for the next at the most.
     *
     * @param pause the longest wait, and the wait after a failure
     * @param pass one pass; returns how long to wait, zero or less for not at all
     */
    public Loop loopUntil(String name, Duration pause, Supplier<Duration> pass) {
        Loop loop = new Loop(name, pause, pass);
        Thread thread = factory.newThread(loop::run);
        thread.setName("azukari-" + name);
        thread.setDaemon(true);
        loop.startOn(thread);
        return loop;
    }
}
