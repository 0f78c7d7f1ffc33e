package azukari.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * One open transaction, and the statements that run in it.
 *
 * <p>Parameters may be null, strings, numbers, booleans, {@link UUID}, {@link Instant} and enums (by name).
 */
public final class Tx {
    private final Connection connection;
    private final Dialect dialect;

    Tx(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** The kind of database, for a statement that has a cheaper form on one of them. */
    public Dialect dialect() {
        return dialect;
    }

    /**
     * One column of a group as a single parameter, on PostgreSQL.
     *
     * @param type the elements' type
     */
    record Array(String type, List<Object> values) {}

    /** Runs one data-changing statement and returns how many rows it changed. */
    public int update(String sql, Object... parameters) {
        return sql(() -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, 1, parameters);
                return statement.executeUpdate();
            }
        });
    }

    /** Runs one data-changing statement once for each row of parameters, as a batch; returns the row count of each. */
    public int[] batch(String sql, List<Object[]> rows) {
        if (rows.size() == 1) {
            return new int[] {update(sql, rows.get(0))};
        }
        if (rows.isEmpty()) {
            return new int[0];
        }
        return sql(() -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (Object[] row : rows) {
                    bind(statement, 1, row);
                    statement.addBatch();
                }
                return statement.executeBatch();
            }
        });
    }

    /** Runs a query and maps each row. */
    public <T> List<T> query(String sql, RowMapper<T> mapper, Object... parameters) {
        return sql(() -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, 1, parameters);
                return rows(statement, mapper);
            }
        });
    }

    /** Runs a data-changing statement whose first parameter is an array of ids ({@code … = ANY(?)}). */
    public int updateAll(String sql, Collection<UUID> ids, Object... others) {
        return sql(() -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
                bind(statement, 2, others);
                return statement.executeUpdate();
            }
        });
    }

    /** Runs a query whose first parameter is an array of ids ({@code … = ANY(?)}), and maps each row. */
    public <T> List<T> queryAll(String sql, RowMapper<T> mapper, Collection<UUID> ids, Object... others) {
        return sql(() -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
                bind(statement, 2, others);
                return rows(statement, mapper);
            }
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

    /** An instant in the form that the databases accept. */
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
        T run() throws SQLException;
    }

    private <T> T sql(Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            throw new StatementFailedException(e);
        }
    }

    private void bind(PreparedStatement statement, int first, Object[] parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value instanceof Instant instant) {
                value = column(instant);
            } else if (value instanceof Enum<?> constant) {
                value = constant.name();
            } else if (value instanceof Array array) {
                value = connection.createArrayOf(array.type(), array.values().toArray());
            }
            statement.setObject(first + i, value);
        }
    }

    /** Carries an {@link SQLException} out to {@link Database}, which determines what kind of failure it is. */
    static final class StatementFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StatementFailedException(SQLException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
