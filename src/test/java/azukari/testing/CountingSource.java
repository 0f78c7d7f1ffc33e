package azukari.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A real pool that counts what is sent through it: prepared statements (a batch is one), and the commits of what they did. */
public final class CountingSource {
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    private final DataSource pool;
    private final List<String> statements = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger commits = new AtomicInteger();
    private final AtomicInteger conflicts = new AtomicInteger();
    private volatile Connection latest;

    public CountingSource(DataSource pool) {
        this.pool = pool;
    }

    public DataSource source() {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = call(() -> method.invoke(pool, arguments));
            if (result instanceof Connection connection) {
                latest = connection;
                return counting(connection);
            }
            return result;
        });
    }

    /** The connection that was handed out last. */
    public Connection latest() {
        return latest;
    }

    private Connection counting(Connection connection) {
        AtomicBoolean worked = new AtomicBoolean();
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("commit") && worked.getAndSet(false)) {
                commits.incrementAndGet();
            }
            Object result = call(() -> method.invoke(connection, arguments));
            return result instanceof PreparedStatement statement
                    ? counting(statement, (String) arguments[0], worked)
                    : result;
        });
    }

    private PreparedStatement counting(PreparedStatement statement, String sql, AtomicBoolean worked) {
        return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
            if (method.getName().startsWith("execute")) {
                statements.add(sql.strip());
                worked.set(true);
            }
            try {
                return call(() -> method.invoke(statement, arguments));
            } catch (SQLException e) {
                if (CONFLICTS.contains(String.valueOf(e.getSQLState()))) {
                    conflicts.incrementAndGet();
                }
                throw e;
            }
        });
    }

    /** How many statements the database refused for the sake of another transaction, such as in a deadlock. */
    public int conflicts() {
        return conflicts.get();
    }

    /** The first lines of the statements since the last {@link #reset}, in order. */
    public List<String> statements() {
        return texts().stream().map(text -> text.lines().findFirst().orElse("")).toList();
    }

    /** The statements since the last {@link #reset}, in order. */
    public List<String> texts() {
        return List.copyOf(statements);
    }

    public int commits() {
        return commits.get();
    }

    public void reset() {
        statements.clear();
        commits.set(0);
        conflicts.set(0);
    }

    @FunctionalInterface
    private interface Invocation {
        Object invoke() throws ReflectiveOperationException;
    }

    private static Object call(Invocation invocation) throws Throwable {
        try {
            return invocation.invoke();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(CountingSource.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
