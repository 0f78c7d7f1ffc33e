package azukari.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.testing.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of connections. */
class DatabaseTest {
    private final AtomicReference<Connection> drivers = new AtomicReference<>();

    @ParameterizedTest
    @EnumSource(Store.class)
    void a_connection_that_does_not_roll_back_holds_its_locks_no_longer(Store store) throws SQLException {
        try (Store.Opened opened = store.open();
                Database database = new Database(withoutRollback(opened.source()))) {
            assertThatThrownBy(() -> database.inTransaction(tx -> {
                        tx.update("UPDATE lane SET paused = TRUE");
                        throw new IllegalStateException("by the test");
                    }))
                    .hasMessage("by the test")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));

            assertThat(drivers.get().isClosed()).isTrue();
            assertThat(opened.database().<Integer>inTransaction(tx -> tx.update("UPDATE lane SET paused = FALSE")))
                    .isPositive();
        }
    }

    private DataSource withoutRollback(DataSource pool) {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(pool, arguments);
                    return result instanceof Connection connection ? withoutRollback(connection) : result;
                });
    }

    private Connection withoutRollback(Connection connection) throws SQLException {
        drivers.set(connection.getMetaData().getConnection());
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("rollback")) {
                        throw new SQLException("by the test");
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
