package azukari.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings the database's tables up to this version. */
public final class Schema {
    private Schema() {}

    /**
     * Runs the migrations that are not there yet; several nodes may start at once.
     *
     * @throws IllegalStateException when the database is neither H2 nor PostgreSQL, or can't be reached
     */
    public static void migrate(DataSource pool) {
        Flyway.configure(Schema.class.getClassLoader())
                .dataSource(pool)
                .locations("classpath:db/migration/common", "classpath:db/migration/" + vendor(pool))
                .load()
                .migrate();
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
