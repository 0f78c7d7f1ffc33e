package azukari.launcher;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.ConnectionProbe;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.nio.NIOConnection;

/**
 * Cuts the connections of clients that take nothing of what is written for them: the application can end its answer, but
 * the server keeps a connection, and what is queued for it, for as long as the client likes.
 */
@SuppressWarnings("rawtypes") // as in the probe
final class StalledWrites extends ConnectionProbe.Adapter {
    private static final Logger LOG = System.getLogger(StalledWrites.class.getName());
    private static final Duration LONGEST = Duration.ofSeconds(45);

    /** When something was last written to each open connection that has been written to, by {@link System#nanoTime}. */
    private final Map<Connection, Long> written = new ConcurrentHashMap<>();

    /** Begins to watch this transport's connections. */
    void watch(Transport transport) {
        transport.getConnectionMonitoringConfig().addProbes(this);
    }

    /** Also the first of a connection: accepting it is told only to who was there before the socket was bound. */
    @Override
    public void onWriteEvent(Connection connection, Buffer data, long size) {
        if (connection.isOpen()) {
            written.put(connection, System.nanoTime());
        }
    }

    @Override
    public void onCloseEvent(Connection connection) {
        written.remove(connection);
    }

    /** Cuts off whose data has waited for too long. */
    void look() {
        long now = System.nanoTime();
        written.forEach((connection, last) -> {
            if (!connection.isOpen()) {
                written.remove(connection);
            } else if (now - last > LONGEST.toNanos() && isWaiting(connection)) {
                LOG.log(Level.DEBUG, "{0} takes nothing and is cut off", connection.getPeerAddress());
                connection.terminateSilently();
            }
        });
    }

    private static boolean isWaiting(Connection connection) {
        return connection instanceof NIOConnection queued
                && queued.getAsyncWriteQueue().spaceInBytes() > 0;
    }
}
