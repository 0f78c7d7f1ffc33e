package azukari.database;

import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One open transaction: entities for what is only read or only added, statements for what must tell how many rows it
 * changed. Statements run at once; entities that were persisted are written, batched, at the commit.
 *
 * <p>Parameters may be null, strings, numbers, booleans, {@link UUID}, {@link Instant} and enums (by name).
 */
public final class Tx {
    private static final String FOLLOW_ORDER = """
            SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off
            """;

    private final EntityManager em;

    Tx(EntityManager em) {
        this.em = em;
    }

    public EntityManager em() {
        return em;
    }

    /** Runs one changing statement and returns how many rows it changed. */
    public int update(String sql, Object... parameters) {
        return sql(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, 1, parameters);
                return statement.executeUpdate();
            }
        });
    }

    /** Runs one changing statement once for each row of parameters, as a batch; returns each one's row count. */
    public int[] batch(String sql, List<Object[]> rows) {
        if (rows.size() == 1) {
            return new int[] {update(sql, rows.get(0))};
        }
        if (rows.isEmpty()) {
            return new int[0];
        }
        return sql(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (Object[] row : rows) {
                    bind(statement, 1, row);
                    statement.addBatch();
                }
                return statement.executeBatch();
            }
        });
    }

    /**
     * Runs one changing statement once for each input, as a batch in the given order, which is the order of its locks: groups
     * that meet on several rows then wait for one another, and no two of them in a circle.
     *
     * @return each input's row count, in the order of the inputs
     */
    public <T> int[] batch(String sql, List<T> inputs, Comparator<? super T> lockOrder, Function<T, Object[]> row) {
        int[] order = IntStream.range(0, inputs.size())
                .boxed()
                .sorted(Comparator.comparing(inputs::get, lockOrder))
                .mapToInt(Integer::intValue)
                .toArray();
        List<Object[]> rows = new ArrayList<>(order.length);
        for (int place : order) {
            rows.add(row.apply(inputs.get(place)));
        }
        int[] counts = batch(sql, rows);
        int[] inOrderOfInputs = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inOrderOfInputs[order[i]] = counts[i];
        }
        return inOrderOfInputs;
    }

    /** Runs a query and maps each row. */
    public <T> List<T> query(String sql, RowMapper<T> mapper, Object... parameters) {
        return sql(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, 1, parameters);
                return rows(statement, mapper);
            }
        });
    }

    /** Runs a changing statement whose first parameter is an array of ids ({@code … = ANY(?)}). */
    public int updateAll(String sql, Collection<UUID> ids, Object... others) {
        return sql(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
                bind(statement, 2, others);
                return statement.executeUpdate();
            }
        });
    }

    /** Runs a query with one parameter, an array of ids ({@code … = ANY(?)}), and maps each row. */
    public <T> List<T> queryAll(String sql, RowMapper<T> mapper, Collection<UUID> ids) {
        return sql(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
                return rows(statement, mapper);
            }
        });
    }

    /** From here on, PostgreSQL goes along the index that has a query's order, whatever it thinks of the values' numbers. */
    void followOrder() {
        sql(connection -> {
            if (connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(FOLLOW_ORDER);
                }
            }
            return null;
        });
    }

    private static <T> List<T> rows(PreparedStatement query, RowMapper<T> mapper) throws SQLException {
        try (ResultSet rows = query.executeQuery()) {
            List<T> result = new ArrayList<>();
            while (rows.next()) {
                result.add(mapper.map(rows));
            }
            return result;
        }
    }

    /** Maps the current row of a result. */
    @FunctionalInterface
    public interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** An instant as the databases take it. */
    public static OffsetDateTime column(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** Reads a column as an instant; null stays null. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    @FunctionalInterface
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T sql(Work<T> work) {
        try {
            return work.on(connection());
        } catch (SQLException e) {
            throw new StatementFailedException(e);
        }
    }

    /** Here the pool is asked for a connection; whatever it throws (also a NullPointerException) means that it has none. */
    private Connection connection() {
        try {
            return em.unwrap(Connection.class);
        } catch (RuntimeException e) {
            throw new DatabaseUnavailableException(e);
        }
    }

    private static void bind(PreparedStatement statement, int first, Object[] parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value instanceof Instant instant) {
                value = column(instant);
            } else if (value instanceof Enum<?> constant) {
                value = constant.name();
            }
            statement.setObject(first + i, value);
        }
    }

    /** Carries an {@link SQLException} out to {@link Database}, which tells what kind of failure it is. */
    static final class StatementFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StatementFailedException(SQLException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
