package azukari.database;

import java.sql.Connection;
import java.sql.SQLException;

/** Connections that failed, and must not be handed out again. */
public final class BrokenConnections {
    private static final String H2 = "org.h2.jdbc.JdbcConnection";

    private BrokenConnections() {}

    /**
     * Closes the driver's own connection first, so that the pool finds it closed and drops it: a handle that is closed
     * only goes back to the pool.
     *
     * @param handle from a pool
     * @param failure takes what goes wrong here as suppressed
     */
    public static void discard(Connection handle, Throwable failure) {
        try (handle) {
            Connection driver = handle.getMetaData().getConnection();
            if (driver.getClass()
                    .getName()
                    .equals(H2)) { // By name: with another database its classes may not be there.
                H2Panic.end(driver);
            }
            driver.close();
        } catch (SQLException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
