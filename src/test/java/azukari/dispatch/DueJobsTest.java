package azukari.dispatch;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.job.Job;
import azukari.job.JobState;
import azukari.testing.BadRows;
import azukari.testing.Store;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One job that can't be moved on does not stop those that can. */
@ParameterizedClass
@EnumSource(Store.class)
class DueJobsTest {
    @Parameter
    private Store store;

    private Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(store);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_job_that_cannot_be_queued_does_not_stop_the_others_that_are_due() {
        Job bad = due(1);
        Job before = due(0);
        Job after = due(2);
        BadRows.refuseState(bench.store.database(), bad.id(), "QUEUED");

        bench.letPass(Duration.ofMinutes(1));

        assertThat(bench.read(before.id()).state()).isEqualTo(JobState.QUEUED);
        assertThat(bench.read(after.id()).state()).isEqualTo(JobState.QUEUED);
        assertThat(bench.outboxOf(after)).hasSize(1);
        assertThat(bench.read(bad.id()).state()).isEqualTo(JobState.WAITING);

        Job later = due(1);
        bench.letPass(Duration.ofMinutes(1));
        assertThat(bench.read(later.id()).state())
                .as("with the bad one in front")
                .isEqualTo(JobState.QUEUED);
    }

    @Test
    void a_job_that_cannot_expire_does_not_stop_the_others_that_have_expired() {
        Job bad = bench.accept(anOrder().expireAfter(Duration.ofSeconds(10)).build());
        Job other = bench.accept(anOrder().expireAfter(Duration.ofSeconds(20)).build());
        BadRows.refuseState(bench.store.database(), bad.id(), "FAILED");

        bench.letPass(Duration.ofMinutes(1));

        assertThat(bench.read(other.id()).state()).isEqualTo(JobState.FAILED);
        assertThat(bench.read(bad.id()).state()).isEqualTo(JobState.QUEUED);
    }

    private Job due(int seconds) {
        return bench.accept(anOrder()
                .notBefore(bench.clock.instant().plusSeconds(10L + seconds))
                .build());
    }
}
