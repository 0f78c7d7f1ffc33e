package azukari.database;

import java.sql.Connection;
import java.sql.SQLException;

/** Connections that failed, and must not be handed out again. */
public final class BrokenConnections {
    private BrokenConnections() {}

    /**
     * Closes the driver's own connection first, so that the pool finds it closed and drops it: a handle that is closed
     * only goes back to the pool, and after a panic H2 has connections that pass any check and can't write.
     *
     * @param handle from a pool
     * @param failure takes what goes wrong here as suppressed
     */
    public static void discard(Connection handle, Throwable failure) {
        try (handle) {
            handle.getMetaData().getConnection().close();
        } catch (SQLException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
