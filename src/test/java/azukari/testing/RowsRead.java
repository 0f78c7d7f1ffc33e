package azukari.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * A pool of H2 connections whose statements are explained as they are sent: queries with how many rows they read ({@code EXPLAIN
 * ANALYZE}), changes with whether they read a whole table.
 */
public final class RowsRead {
    private static final Pattern SCANNED = Pattern.compile("scanCount: (\\d+)");
    /** But for a table with a row for each node. */
    private static final Pattern WHOLE_TABLE = Pattern.compile("(?<!\\bnode)\\.tableScan");

    private final DataSource pool;
    private final Map<String, Long> most = new ConcurrentHashMap<>();
    private volatile boolean on;

    public RowsRead(DataSource pool) {
        this.pool = pool;
    }

    public DataSource source() {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = call(pool, method, arguments);
            return result instanceof Connection connection ? explained(connection) : result;
        });
    }

    /** Explains what is sent while this runs; returns for each statement the most rows that it read. */
    public Map<String, Long> during(Runnable work) {
        most.clear();
        on = true;
        try {
            work.run();
        } finally {
            on = false;
        }
        return Map.copyOf(most);
    }

    private Connection explained(Connection connection) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            Object result = call(connection, method, arguments);
            return result instanceof PreparedStatement statement
                    ? explained(connection, statement, (String) arguments[0])
                    : result;
        });
    }

    private record Parameter(Method method, List<Object> arguments) {}

    private PreparedStatement explained(Connection connection, PreparedStatement statement, String sql) {
        List<Parameter> parameters = new ArrayList<>();
        return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
            if (method.getName().startsWith("set") && arguments != null && arguments.length > 1) {
                parameters.add(new Parameter(method, Arrays.asList(arguments)));
            }
            if (on && method.getName().startsWith("execute")) {
                boolean query = method.getName().equals("executeQuery");
                most.merge(sql.strip(), read(connection, sql, parameters, query), Math::max);
            }
            return call(statement, method, arguments);
        });
    }

    /** @param query whether it may be executed twice */
    private static long read(Connection connection, String sql, List<Parameter> parameters, boolean query)
            throws SQLException {
        String plan = query ? "EXPLAIN ANALYZE " : "EXPLAIN ";
        try (PreparedStatement explain = connection.prepareStatement(plan + sql)) {
            for (Parameter parameter : parameters) {
                call(explain, parameter.method(), parameter.arguments().toArray());
            }
            try (ResultSet rows = explain.executeQuery()) {
                rows.next();
                return read(rows.getString(1), query);
            }
        }
    }

    private static long read(String plan, boolean counted) {
        if (!counted) {
            return WHOLE_TABLE.matcher(plan).find() ? Long.MAX_VALUE : 0;
        }
        long read = 0;
        for (Matcher matcher = SCANNED.matcher(plan); matcher.find(); ) {
            read += Long.parseLong(matcher.group(1));
        }
        return read;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(RowsRead.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object target, Method method, Object... arguments) throws SQLException {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
