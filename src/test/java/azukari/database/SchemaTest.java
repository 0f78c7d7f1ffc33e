package azukari.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.flywaydb.core.api.output.MigrateResult;
import org.junit.jupiter.api.Test;

/** What is said of the tables at the start, in one line. */
class SchemaTest {

    @Test
    void an_empty_database() {
        assertThat(Schema.report(result(null, "10", 9))).isEqualTo("database schema created at version 10");
        assertThat(Schema.report(result("", "10", 9))).isEqualTo("database schema created at version 10");
    }

    @Test
    void a_database_of_an_earlier_version() {
        assertThat(Schema.report(result("8", "10", 2))).isEqualTo("database schema migrated from version 8 to 10");
    }

    @Test
    void a_database_that_has_all() {
        assertThat(Schema.report(result("10", null, 0))).isEqualTo("database schema is at version 10");
    }

    private static MigrateResult result(String before, String after, int executed) {
        MigrateResult result = new MigrateResult("13", "azukari", "public", "H2");
        result.initialSchemaVersion = before;
        result.targetSchemaVersion = after;
        result.migrationsExecuted = executed;
        return result;
    }
}
