package azukari.database;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/** Migrates the database's tables to this version. */
public final class Schema {
    private static final Logger LOG = System.getLogger(Schema.class.getName());

    private Schema() {}

    /**
     * Runs the migrations that have not been applied yet; several nodes may start at once.
     *
     * @throws IllegalStateException if the database is neither H2 nor PostgreSQL, or can't be reached
     */
    public static void migrate(DataSource pool) {
        MigrateResult result = Flyway.configure(Schema.class.getClassLoader())
                .dataSource(pool)
                .locations("classpath:db/migration/" + vendor(pool))
                .load()
                .migrate();
        LOG.log(Level.INFO, report(result));
    }

    /** One line instead of Flyway's own log, which has one for each step. */
    static String report(MigrateResult result) {
        String before = result.initialSchemaVersion;
        boolean empty = before == null || before.isEmpty();
        if (result.migrationsExecuted == 0) {
            return "database schema is at version " + before;
        }
        return empty
                ? "database schema created at version " + result.targetSchemaVersion
                : "database schema migrated from version " + before + " to " + result.targetSchemaVersion;
    }

    private static String vendor(DataSource pool) {
        try (Connection connection = pool.getConnection()) {
            String name = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
            return switch (name) {
                case "h2", "postgresql" -> name;
                default -> throw new IllegalStateException("Azukari runs on H2 and PostgreSQL, not on " + name);
            };
        } catch (SQLException e) {
            throw new IllegalStateException("the database can't be reached: " + e.getMessage(), e);
        }
    }
}
