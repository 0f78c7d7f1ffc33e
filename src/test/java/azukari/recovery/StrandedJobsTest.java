package azukari.recovery;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.broker.Queues;
import azukari.dispatch.Bench;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.platform.BrokerUnavailableException;
import azukari.testing.BadRows;
import azukari.testing.Store;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 21: a job whose message is gone for good gets a new one; a job that has a message keeps it. */
@ParameterizedClass
@EnumSource(Store.class)
class StrandedJobsTest {
    /** How many messages the broker says that the lane holds; null: it does not answer. */
    private Long messages = 0L;

    private Runnable whenAsked = () -> {};

    @Parameter
    private Store store;

    private Bench bench;
    private StrandedJobs stranded;

    @BeforeEach
    void open() {
        bench = new Bench(store);
        Queues queues = new Queues(null, bench.store.database()) {
            @Override
            public State stateNow(String lane) {
                whenAsked.run();
                if (messages == null) {
                    throw new BrokerUnavailableException(new IllegalStateException("no answer"));
                }
                return new State(messages, 16, 0, 0, 0, false);
            }
        };
        stranded = new StrandedJobs(bench.committer, bench.exits, queues, bench.threads, bench.clock);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void rule_21_a_job_without_a_message_is_put_on_the_wire_again_with_a_new_fence() {
        Job job = lost();

        assertThat(stranded.look()).isEqualTo(1);

        Job again = bench.read(job.id());
        assertThat(again.state()).isEqualTo(JobState.QUEUED);
        assertThat(again.fence()).isEqualTo(job.fence() + 1);
        assertThat(again.attempt()).isZero();
        assertThat(bench.outboxOf(again)).containsExactly(again.fence());
        assertThat(bench.claims(job.id(), job.fence()))
                .as("the old message, should it turn up")
                .isFalse();
        assertThat(stranded.look()).as("it is young again").isZero();
    }

    @Test
    void rule_21_whatever_may_have_a_message_is_left_alone() {
        Job waiting = bench.accept(anOrder().build());
        bench.clock.advance(Duration.ofMinutes(1));
        assertThat(stranded.look()).as("its outbox row is there").isZero();

        Job job = lost();
        messages = 1L;
        assertThat(stranded.look()).as("its lane holds a message").isZero();
        messages = null;
        assertThat(stranded.look()).as("nobody knows").isZero();
        messages = 0L;
        bench.clock.advance(Duration.ofMinutes(-1));
        assertThat(stranded.look()).as("it may be on its way").isZero();

        assertThat(bench.read(job.id()).fence()).isEqualTo(1);
        assertThat(bench.read(waiting.id()).fence()).isEqualTo(1);
    }

    @Test
    void rule_21_what_a_sweeper_sends_at_this_moment_is_left_alone() {
        Job job = bench.accept(anOrder().build());
        bench.clock.advance(Duration.ofMinutes(1));
        whenAsked = () ->
                bench.store.database().inTransaction(tx -> tx.update("DELETE FROM outbox WHERE job = ?", job.id()));

        assertThat(stranded.look()).isZero();
        assertThat(bench.read(job.id()).fence()).isEqualTo(1);
    }

    @Test
    void rule_21_the_look_goes_through_all_that_is_queued_page_by_page() {
        bench.accept(Stream.generate(() -> anOrder().build()).limit(700).toList());
        bench.store.database().inTransaction(tx -> tx.update("DELETE FROM outbox"));
        bench.clock.advance(Duration.ofMinutes(1));

        assertThat(stranded.look() + stranded.look()).isEqualTo(700);
        assertThat(stranded.look()).isZero();
    }

    /** A job whose outbox row was struck off, and whose message nobody has any more. */
    private Job lost() {
        Job job = bench.accept(anOrder().build());
        bench.store.database().inTransaction(tx -> tx.update("DELETE FROM outbox WHERE job = ?", job.id()));
        bench.clock.advance(Duration.ofMinutes(1));
        return job;
    }

    @Test
    void a_job_that_cannot_be_put_on_the_wire_again_does_not_stop_the_others() {
        Job bad = lost();
        Job other = lost();
        BadRows.refuseFence(bench.store.database(), bad.id(), bad.fence());

        assertThat(stranded.look()).isEqualTo(1);

        assertThat(bench.read(other.id()).fence()).isEqualTo(other.fence() + 1);
        assertThat(bench.read(bad.id()).fence()).isEqualTo(bad.fence());
    }
}
