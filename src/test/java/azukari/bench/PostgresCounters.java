package azukari.bench;

import azukari.testing.Postgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What PostgreSQL counts by itself; needs the module {@code pg_stat_statements} to be loaded. */
final class PostgresCounters {
    /** A backend reports what it did at most once a second. */
    private static final long REPORTED_AFTER_MILLIS = 2_000;

    private final Postgres.Database database;

    PostgresCounters(Postgres.Database database) throws SQLException {
        this.database = database;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
        }
    }

    /** @param statements without those that only begin and end transactions */
    record Count(long commits, long statements) {
        Count since(Count before) {
            return new Count(commits - before.commits, statements - before.statements);
        }
    }

    /** One statement's share. */
    record Share(String text, long calls, double millis) {}

    void reset() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_stat_statements_reset()");
        }
    }

    Count count() throws SQLException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(REPORTED_AFTER_MILLIS);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT xact_commit,
                               (SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
                                 WHERE dbid = d.datid AND query NOT ILIKE 'BEGIN%' AND query NOT ILIKE 'COMMIT%')
                          FROM pg_stat_database d WHERE datname = current_database()
                        """)) {
            row.next();
            return new Count(row.getLong(1), row.getLong(2));
        }
    }

    /** The statements that took the most time since {@link #reset}. */
    List<Share> dearest(int limit) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT regexp_replace(query, '\\s+', ' ', 'g'), calls, total_exec_time
                          FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
                         WHERE d.datname = current_database()
                         ORDER BY total_exec_time DESC LIMIT
                        """ + limit)) {
            List<Share> shares = new ArrayList<>();
            while (rows.next()) {
                shares.add(new Share(rows.getString(1), rows.getLong(2), rows.getDouble(3)));
            }
            return shares;
        }
    }
}
