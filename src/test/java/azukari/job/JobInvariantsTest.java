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
    private static final String QUEUED = "UPDATE job SET state = 'QUEUED'";

    @Parameter
    private Store store;

    private Store.Opened opened;

    @BeforeEach
    void aQueuedJob() {
        opened = store.open();
        Job job = Job.accepted(anOrder().build(), SystemClock.utc().instant());
        opened.database().inTransaction(tx -> JobTable.insertIfAbsent(tx, List.of(job)));
    }

    @AfterEach
    void close() {
        opened.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            job_state_known        | state = 'DONE'
            job_waiting_says_why   | state = 'WAITING'
            job_waiting_says_why   | waiting_for = 'LOCK'
            job_due_is_waiting     | due_at = created_at
            job_time_has_due       | state = 'WAITING', waiting_for = 'BACKOFF'
            job_running_is_owned   | state = 'RUNNING'
            job_running_is_owned   | owner = id
            job_ended_has_time     | state = 'CANCELLED'
            job_ended_has_time     | finished_at = created_at
            job_failed_says_why    | state = 'FAILED', finished_at = created_at
            job_success_is_clean   | state = 'SUCCEEDED', finished_at = created_at, error_kind = 'HANDLER'
            job_queued_is_fenced   | fence = 0
            job_counts             | attempt = -1
            job_counts             | run = 2
            job_priority_range     | priority = 10
            job_emission_is_whole  | parent = id
            job_deaths_interrupt   | deaths = 1
            job_cancelling_goes_on | cancelling = TRUE, state = 'CANCELLED', finished_at = created_at
            """)
    void what_breaks_an_invariant_is_refused_by_its_name(String invariant, String change) {
        assertThatThrownBy(() -> update("UPDATE job SET " + change))
                .isInstanceOfSatisfying(SQLException.class, refused -> {
                    assertThat(refused.getSQLState())
                            .as("integrity constraint violation")
                            .startsWith("23");
                    assertThat(refused.getMessage().toLowerCase(Locale.ROOT)).contains(invariant);
                });
    }

    @Test
    void what_keeps_them_is_taken() throws SQLException {
        assertThat(update(QUEUED)).isEqualTo(1);
    }

    private int update(String sql) throws SQLException {
        try (Connection connection = opened.source().getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
