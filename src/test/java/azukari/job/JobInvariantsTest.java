package azukari.job;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.platform.SystemClock;
import azukari.testing.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** No program can bring a job's row into a state that the transition table does not know: each database refuses it by name. */
@ParameterizedClass
@EnumSource(Store.class)
class JobInvariantsTest {
    @Parameter
    private Store store;

    private Store.Opened opened;

    @BeforeEach
    void aQueuedJob() {
        opened = store.open();
        NewJob job = new NewJob(anOrder().build(), SystemClock.utc().instant());
        opened.database().inTransaction(tx -> JobTable.insertIfAbsent(tx, List.of(job)));
    }

    @AfterEach
    void close() {
        opened.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            job_state_known        | state = 'DONE'
            job_state_known        | state = 'queued'
            job_waiting_says_why   | state = 'WAITING'
            job_waiting_says_why   | waiting_for = 'LOCK'
            job_due_is_waiting     | due_at = expires_at
            job_time_has_due       | state = 'WAITING', waiting_for = 'BACKOFF'
            job_running_is_owned   | state = 'RUNNING'
            job_running_is_owned   | owner = job
            job_ended_has_time     | state = 'CANCELLED'
            job_ended_has_time     | finished_at = queued_at
            job_failed_says_why    | state = 'FAILED', finished_at = queued_at
            job_success_is_clean   | state = 'SUCCEEDED', finished_at = queued_at, error_kind = 'HANDLER'
            job_queued_is_fenced   | fence = 0
            job_counts             | attempt = -1
            job_counts             | run = 2
            job_counts             | run = 1, attempt = 2
            job_counts             | generation = -1
            job_deaths_interrupt   | deaths = 1
            job_deaths_interrupt   | deaths = -1
            job_cancelling_goes_on | cancelling = TRUE, state = 'CANCELLED', finished_at = queued_at
            """)
    void a_state_that_breaks_an_invariant_is_refused_by_its_name(String invariant, String change) {
        isRefused(invariant, "UPDATE job_state SET " + change);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            job_priority_range     | priority = 10
            job_priority_range     | priority = -1
            job_emission_is_whole  | parent = id
            job_emission_is_whole  | parent = id, parent_generation = 0
            job_emission_is_whole  | parent_ordinal = 0
            """)
    void an_event_that_breaks_an_invariant_is_refused_by_its_name(String invariant, String change) {
        isRefused(invariant, "UPDATE event SET " + change);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            job_state  | lane
            job_state  | first
            job_state  | state
            job_state  | expires_at
            job_state  | fence
            event      | code
            event      | submitter
            event      | body
            event      | body_size
            event      | root
            event      | created_at
            """)
    void what_every_job_has_can_not_be_taken_away(String table, String column) {
        isRefused(column, "UPDATE " + table + " SET " + column + " = NULL");
    }

    private void isRefused(String named, String change) {
        assertThatThrownBy(() -> update(change)).isInstanceOfSatisfying(SQLException.class, refused -> {
            assertThat(refused.getSQLState())
                    .as("integrity constraint violation")
                    .startsWith("23");
            assertThat(refused.getMessage().toLowerCase(Locale.ROOT)).contains(named);
        });
    }

    @Test
    void what_keeps_them_is_taken() throws SQLException {
        assertThat(update("UPDATE job_state SET state = 'QUEUED'")).isEqualTo(1);
        assertThat(update("UPDATE event SET parent = id, parent_generation = 0, parent_ordinal = 0"))
                .isEqualTo(1);
        assertThat(update("UPDATE job_state SET state = 'WAITING', waiting_for = 'TIME', due_at = expires_at"))
                .isEqualTo(1);
        assertThat(update("UPDATE job_state SET cancelling = TRUE, interrupted = 2, deaths = 2"))
                .isEqualTo(1);
    }

    private int update(String sql) throws SQLException {
        try (Connection connection = opened.source().getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
