package azukari.platform;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;

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
        Loop loop = new Loop(name, pause, pass);
        Thread thread = factory.newThread(loop::run);
        thread.setName("azukari-" + name);
        thread.setDaemon(true);
        loop.startOn(thread);
        return loop;
    }
}
