package azukari.launcher;

import java.io.IOException;
import java.util.concurrent.Executor;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.IOStrategy;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;
import org.glassfish.grizzly.strategies.WorkerThreadIOStrategy;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;

/**
 * Lets the threads that wait for the network read, and puts the {@link HttpDoor}, which hands whole requests to other
 * threads, into each transport before that accepts its first connection: of Payara's settings, this is the one through
 * which a transport can be reached.
 *
 * <p>Public, with this method, because pre-boot.asadmin names it.
 */
public final class HttpStrategy implements IOStrategy {
    private static final HttpStrategy INSTANCE = new HttpStrategy();

    private HttpStrategy() {}

    /** The one that there is. */
    public static HttpStrategy getInstance() {
        return INSTANCE;
    }

    @Override
    @SuppressWarnings("rawtypes") // as in the interface
    public boolean executeIoEvent(Connection connection, IOEvent event) throws IOException {
        return executeIoEvent(connection, event, true);
    }

    @Override
    @SuppressWarnings("rawtypes") // as in the interface
    public boolean executeIoEvent(Connection connection, IOEvent event, boolean enabled) throws IOException {
        if (event == IOEvent.SERVER_ACCEPT) {
            HttpDoor.INSTANCE.guard(connection.getTransport());
        }
        return of(event).executeIoEvent(connection, event, enabled);
    }

    @Override
    @SuppressWarnings("rawtypes") // as in the interface
    public Executor getThreadPoolFor(Connection connection, IOEvent event) {
        return of(event).getThreadPoolFor(connection, event);
    }

    @Override
    public ThreadPoolConfig createDefaultWorkerPoolConfig(Transport transport) {
        return WorkerThreadIOStrategy.getInstance().createDefaultWorkerPoolConfig(transport);
    }

    private static IOStrategy of(IOEvent event) {
        return event == IOEvent.READ ? SameThreadIOStrategy.getInstance() : WorkerThreadIOStrategy.getInstance();
    }
}
