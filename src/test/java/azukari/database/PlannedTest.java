package azukari.database;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class PlannedTest {
    private static final List<String> OFF = List.of("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit");

    /** What can't avoid what is switched off has a cost from which PostgreSQL would compile each plan, for 0.3 s and more. */
    @Test
    void plans_go_along_indexes_and_are_not_compiled() {
        try (Store.Opened store = Store.POSTGRESQL.open()) {
            List<String> settings = store.database().inTransaction(tx -> OFF.stream()
                    .flatMap(name -> tx.query("SELECT current_setting(?)", row -> row.getString(1), name).stream())
                    .toList());

            assertThat(settings).hasSize(OFF.size()).containsOnly("off");
        }
    }

    @Test
    void a_connection_is_prepared_once_whatever_handle_the_pool_gives_out() {
        try (Store.Opened store = Store.POSTGRESQL.open();
                Connection only = store.source().getConnection()) {
            AtomicInteger prepared = new AtomicInteger();
            try (Database database = new Database(handles(only, prepared))) {
                Stream.of(1, 2, 3)
                        .forEach(round -> database.inTransaction(tx -> tx.query("SELECT 1", row -> row.getInt(1))));
            }
            assertThat(prepared).hasValue(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** A pool of one connection that wraps it anew each time, and is found by {@code unwrap} itself, as JDBC allows. */
    private static DataSource handles(Connection only, AtomicInteger prepared) {
        return (DataSource) Proxy.newProxyInstance(
                PlannedTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (pool, method, arguments) -> Proxy.newProxyInstance(
                        PlannedTest.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (handle, called, with) -> {
                            if (called.getName().equals("createStatement")) {
                                prepared.incrementAndGet();
                            }
                            if (called.getName().equals("unwrap")) {
                                return handle;
                            }
                            if (called.getName().equals("close")) {
                                return null;
                            }
                            if (called.getName().equals("hashCode")) {
                                return System.identityHashCode(handle);
                            }
                            if (called.getName().equals("equals")) {
                                return handle == with[0];
                            }
                            try {
                                return called.invoke(only, with);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }
}
