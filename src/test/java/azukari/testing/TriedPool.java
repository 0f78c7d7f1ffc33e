package azukari.testing;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** A pool that tries each connection before it hands it out, as a server's does. A broken one is never given back. */
final class TriedPool implements DataSource {
    /** As many as the pool holds. */
    private static final int MOST_BROKEN = 10;

    private final JdbcConnectionPool pool;

    private TriedPool(JdbcConnectionPool pool) {
        this.pool = pool;
    }

    static TriedPool over(ConnectionPoolDataSource source) {
        return new TriedPool(JdbcConnectionPool.create(source));
    }

    void dispose() {
        pool.dispose();
    }

    @Override
    public Connection getConnection() throws SQLException {
        for (int tried = 1; ; tried++) {
            try {
                Connection connection = pool.getConnection();
                if (connection.isValid(1)) {
                    return connection;
                }
            } catch (SQLException e) {
                if (tried > MOST_BROKEN) { // It was no single connection that broke.
                    throw e;
                }
            }
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return pool.getConnection(user, password);
    }

    @Override
    public PrintWriter getLogWriter() {
        return pool.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter writer) {
        pool.setLogWriter(writer);
    }

    @Override
    public void setLoginTimeout(int seconds) {
        pool.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() {
        return pool.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return pool.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return pool.isWrapperFor(type);
    }
}
