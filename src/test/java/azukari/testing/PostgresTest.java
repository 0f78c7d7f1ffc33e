package azukari.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import azukari.testing.Postgres.Database;
import azukari.testing.Postgres.Stop;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostgresTest {
    @Test
    void commits_are_synced_to_disk() throws SQLException {
        assertThat(select(Postgres.shared().createDatabase(), "show fsync")).isEqualTo("on");
        assertThat(select(Postgres.shared().createDatabase(), "show synchronous_commit"))
                .isEqualTo("on");
    }

    @Test
    void each_database_is_new_and_empty() throws SQLException {
        Database first = Postgres.shared().createDatabase();
        Database second = Postgres.shared().createDatabase();

        execute(first, "create table t (n int)");

        assertThatThrownBy(() -> select(second, "select count(*) from t")).hasMessageContaining("does not exist");
    }

    @ParameterizedTest
    @EnumSource(Stop.class)
    void committed_data_survives_a_restart(Stop how) throws SQLException {
        try (Postgres postgres = Postgres.create()) {
            Database database = postgres.createDatabase();
            execute(database, "create table t (n int)");
            execute(database, "insert into t values (42)");

            postgres.stop(how);
            assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
            postgres.start();

            assertThat(select(database, "select n from t")).isEqualTo("42");
        }
    }

    @ParameterizedTest
    @EnumSource(Unprivileged.class)
    void it_runs_as_root_in_every_way_that_this_system_allows(Unprivileged way) throws SQLException {
        assumeTrue(
                System.getProperty("user.name").equals("root") == (way != Unprivileged.ALREADY) && way.works(),
                "another user, or not allowed here");

        try (Postgres postgres = Postgres.create(way)) {
            assertThat(select(postgres.createDatabase(), "select 1")).isEqualTo("1");
        }
    }

    private static String select(Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }

    private static void execute(Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
