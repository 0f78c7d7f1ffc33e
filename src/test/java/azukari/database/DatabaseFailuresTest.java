package azukari.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.testing.Store;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 22: only the data can refuse an outcome; every other failure of the database waits. */
class DatabaseFailuresTest {

    @ParameterizedTest
    @CsvSource({
        "22001, a text that is too long",
        "22021, a character that the database does not have",
        "22003, a number out of range",
        "22018, H2: a text that is no number",
        "23502, null where there must be a value",
        "23505, a key that is there already",
        "23514, a check",
        "23513, H2: a check"
    })
    void data_is_refused(String state, String what) {
        assertThat(classified(state)).as(what).isInstanceOf(DataRefusedException.class);
    }

    @ParameterizedTest
    @CsvSource({"40001, serialization failure; H2: deadlock", "40P01, deadlock"})
    void a_conflict_is_run_again(String state, String what) {
        assertThat(classified(state)).as(what).isInstanceOf(TransactionConflictException.class);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "", "08001", "08006", "08003", "25006", "25P02", "25P03", "28000", "28P01", "3D000", "40003", "42501",
                "42601", "42P01", "53000", "53100", "53200", "53300", "54000", "55000", "55006", "57014", "57P01",
                "57P02", "57P03", "57P05", "HYT00", "55P03", "58000", "58030", "F0000", "XX000", "XX001", "XX002",
                "HY000", "90007", "90020", "90028", "90030", "90031", "90067", "90098", "90108", "90121", "57014"
            })
    void everything_else_is_a_database_that_is_away(String state) {
        assertThat(classified(state)).isInstanceOf(DatabaseUnavailableException.class);
    }

    @Test
    void what_is_told_apart_already_stays_as_it_is() {
        DatabaseUnavailableException away = new DatabaseUnavailableException(new SQLException("dup", "23505"));

        assertThat(DatabaseFailures.classify(away)).isSameAs(away);
    }

    @Test
    void what_is_no_failure_of_the_database_stays_as_it_is() {
        IllegalStateException defect = new IllegalStateException("ours");

        assertThat(DatabaseFailures.classify(defect)).isSameAs(defect);
    }

    private static RuntimeException classified(String state) {
        SQLException cause = new SQLException("as the driver says it", state);
        RuntimeException classified =
                DatabaseFailures.classify(new IllegalStateException(new IllegalStateException(cause)));
        assertThat(classified).hasRootCause(cause);
        return classified;
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void a_text_that_is_too_long_is_refused(Store store) {
        try (Store.Opened opened = store.open()) {
            assertThatThrownBy(() -> opened.database()
                            .inTransaction(tx -> tx.update("UPDATE lane SET name = ?", "x".repeat(17))))
                    .isInstanceOf(DataRefusedException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void a_broken_check_is_refused(Store store) {
        try (Store.Opened opened = store.open()) {
            assertThatThrownBy(() -> opened.database().inTransaction(tx -> tx.update("""
                            INSERT INTO job_state (job, lane, first, state, expires_at, fence)
                            VALUES (?, 'default', TRUE, 'QUEUED', CURRENT_TIMESTAMP, 0)
                            """, azukari.platform.Ids.next())))
                    .isInstanceOf(DataRefusedException.class);
        }
    }

    @Test
    void a_character_that_postgresql_does_not_have_is_refused() {
        try (Store.Opened opened = Store.POSTGRESQL.open()) {
            assertThatThrownBy(() ->
                            opened.database().inTransaction(tx -> tx.update("UPDATE lane SET name = ?", "a\u0000b")))
                    .isInstanceOf(DataRefusedException.class);
        }
    }

    /** As after a failover, or when somebody stops the writes to a disk that is nearly full. */
    @Test
    void a_database_that_is_read_only_just_now_is_away() {
        assertThatThrownBy(() -> onPostgres("SET TRANSACTION READ ONLY", "UPDATE lane SET paused = TRUE"))
                .isInstanceOf(DatabaseUnavailableException.class)
                .hasRootCauseInstanceOf(SQLException.class)
                .hasStackTraceContaining("read-only");
    }

    @Test
    void a_statement_that_was_cancelled_for_its_time_waits() {
        assertThatThrownBy(() -> onPostgres("SET LOCAL statement_timeout = 20", "SELECT pg_sleep(10)"))
                .isInstanceOf(DatabaseUnavailableException.class)
                .hasStackTraceContaining("statement timeout");
    }

    @Test
    void a_session_that_was_ended_is_away() {
        assertThatThrownBy(() -> onPostgres("SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1"))
                .isInstanceOf(DatabaseUnavailableException.class);
    }

    @Test
    void a_lock_that_was_not_to_be_had_in_time_waits() {
        try (Store.Opened opened = Store.POSTGRESQL.open()) {
            opened.database().inTransaction(holder -> {
                holder.update("UPDATE lane SET paused = TRUE WHERE name = 'default'");
                assertThatThrownBy(() -> opened.database().inTransaction(tx -> {
                            tx.update("SET LOCAL lock_timeout = 20");
                            return tx.update("UPDATE lane SET paused = TRUE WHERE name = 'default'");
                        }))
                        .isInstanceOf(DatabaseUnavailableException.class);
                return null;
            });
        }
    }

    @Test
    void a_refusal_that_comes_with_the_commit_is_a_refusal() {
        assertThatThrownBy(() -> onPostgres(
                        "CREATE TABLE late (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)",
                        "INSERT INTO late VALUES (1), (1)"))
                .isInstanceOf(DataRefusedException.class);
    }

    @Test
    void an_embedded_database_that_was_closed_is_away() {
        try (Store.Opened opened = Store.H2.open()) {
            assertThatThrownBy(() -> opened.database().inTransaction(tx -> {
                        tx.update("SHUTDOWN IMMEDIATELY");
                        return tx.update("UPDATE lane SET paused = TRUE");
                    }))
                    .isInstanceOf(DatabaseUnavailableException.class);
        }
    }

    private static void onPostgres(String first, String second) {
        try (Store.Opened opened = Store.POSTGRESQL.open()) {
            opened.database().inTransaction(tx -> {
                run(tx, first);
                run(tx, second);
                return null;
            });
        }
    }

    private static void run(Tx tx, String sql) {
        if (sql.startsWith("SELECT")) {
            tx.query(sql, row -> row.getString(1));
        } else {
            tx.update(sql);
        }
    }
}
