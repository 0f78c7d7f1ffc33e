package azukari.launcher;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stop that is requested by a signal.
 *
 * <p>The JVM's own mechanism, shutdown hooks, runs them all at once, including Payara Micro's: the server would be
 * shutting down while jobs are still being drained. So TERM, INT and HUP are handled here: the stop runs first, and
 * only then does the process end. A second signal ends the process at once.
 */
final class Signals {
    /** Ctrl-C reaches the whole process group, and Maven passes it on as well: one request, two signals. */
    private static final long SAME_REQUEST = Duration.ofMillis(500).toNanos();

    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);
    private static final int EXIT_BY_SIGNAL = 128;
    private static final long NONE = Long.MIN_VALUE;

    private final Runnable stop;
    private final AtomicLong firstAt = new AtomicLong(NONE);

    private Signals(Runnable stop) {
        this.stop = stop;
    }

    /**
     * Runs the stop at the first signal and then exits with status 0, or 1 if the stop failed.
     *
     * @param stop everything that has to happen before the process ends
     * @return an object that knows whether a stop was requested
     */
    static Signals onStop(Runnable stop) {
        Signals signals = new Signals(stop);
        NUMBERS.forEach(signals::handle);
        return signals;
    }

    /** Whether a signal was received: what fails from then on fails because of it. */
    boolean received() {
        return firstAt.get() != NONE;
    }

    /** By reflection, because the compiler warns of sun.misc.Signal whatever its options; the JDK has nothing else. */
    private void handle(String name, int number) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Runnable action = () -> received(name, number);
            MethodHandle received = MethodHandles.lookup()
                    .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                    .bindTo(action);
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance(name),
                            MethodHandleProxies.asInterfaceInstance(
                                    handler, MethodHandles.dropArguments(received, 0, signal)));
        } catch (ReflectiveOperationException e) {
            Logging.warn("SIG" + name + " will end this process without draining it", e);
        }
    }

    private void received(String name, int number) {
        long now = System.nanoTime();
        if (firstAt.compareAndSet(NONE, now)) {
            Logging.info("SIG" + name + ": stopping; a second signal ends the process at once");
            new Thread(this::stopAndExit, "azukari-stop").start();
        } else if (now - firstAt.get() > SAME_REQUEST) {
            Runtime.getRuntime().halt(EXIT_BY_SIGNAL + number);
        }
    }

    private void stopAndExit() {
        int status = 1;
        try {
            stop.run();
            status = 0;
        } catch (RuntimeException | Error e) {
            Logging.warn("the stop failed; what was not drained is picked up at the next start", e);
        } finally {
            System.out.flush();
            // Without the hooks: what they would stop has been stopped, and they log at length.
            Runtime.getRuntime().halt(status);
        }
    }
}
