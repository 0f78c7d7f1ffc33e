package azukari.recovery;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.dispatch.Bench;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.testing.BadRows;
import azukari.testing.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 17: a round puts everything that was QUEUED on the wire once more, once, whoever does it and whoever dies in it. */
@ParameterizedClass
@EnumSource(Store.class)
class RequeueTest {
    /** More than two batches. */
    private static final int JOBS = 1_100;

    @Parameter
    private Store store;

    private Bench bench;
    private List<Job> jobs;

    @BeforeEach
    void queueJobs() {
        bench = new Bench(store);
        jobs = bench.accept(Stream.generate(() -> anOrder().build()).limit(JOBS).toList());
        bench.store.database().inTransaction(tx -> tx.update("DELETE FROM outbox"));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void rule_17_nothing_is_put_out_while_no_round_goes_on() {
        assertThat(node().goOn()).isZero();
        assertThat(outbox()).isEmpty();
    }

    @Test
    void rule_17_a_round_that_broke_off_is_finished_by_another_node() {
        begin();
        assertThat(node().batch()).contains(500);
        Job afterwards = bench.accept(anOrder().build());

        assertThat(node().goOn()).isEqualTo(JOBS - 500);

        assertAllPutOutOnce();
        assertThat(bench.outboxOf(afterwards))
                .as("what came after the round had begun went to the right broker")
                .containsExactly(1L);
        assertThat(node().goOn()).isZero();
    }

    @Test
    void rule_17_two_nodes_at_once_do_one_round() throws Exception {
        begin();
        CyclicBarrier together = new CyclicBarrier(2);
        Callable<Integer> node = () -> {
            together.await();
            return node().goOn();
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            int sum = 0;
            for (Future<Integer> each : threads.invokeAll(List.of(node, node))) {
                sum += each.get();
            }
            assertThat(sum).isEqualTo(JOBS);
        } finally {
            threads.shutdownNow();
        }
        assertAllPutOutOnce();
    }

    /** A broker that is lost while everything is put out anew: the next round begins at the beginning. */
    @Test
    void rule_17_a_round_within_a_round_covers_all_again() {
        begin();
        assertThat(node().batch()).contains(500);
        begin();

        assertThat(node().goOn()).isEqualTo(JOBS);
    }

    @Test
    void rule_17_what_runs_is_left_alone() {
        Job running = bench.read(jobs.get(0).id());
        bench.claim(running);
        begin();

        assertThat(node().goOn()).isEqualTo(JOBS - 1);
        assertThat(bench.read(running.id()).state()).isEqualTo(JobState.RUNNING);
        assertThat(bench.outboxOf(running)).isEmpty();
    }

    @Test
    void a_job_that_cannot_be_put_out_does_not_stop_the_round() {
        Job bad = jobs.get(700);
        BadRows.refuseFence(bench.store.database(), bad.id(), bad.fence());
        begin();

        assertThat(node().goOn()).isEqualTo(JOBS - 1);

        assertThat(bench.outboxOf(bad)).isEmpty();
        for (Job job : List.of(jobs.get(0), jobs.get(699), jobs.get(701), jobs.get(JOBS - 1))) {
            long fence = bench.read(job.id()).fence();
            assertThat(fence).isGreaterThan(job.fence());
            assertThat(bench.outboxOf(job)).contains(fence);
        }
        assertThat(node().goOn()).as("the round is over").isZero();
    }

    private Requeue node() {
        return new Requeue(bench.committer, bench.exits);
    }

    private void begin() {
        bench.store.database().inTransaction(tx -> {
            BrokerTable.lockRound(tx);
            BrokerTable.nextRound(tx);
            return null;
        });
    }

    /** Each job has one row more in the outbox, and its fence is the job's. */
    private void assertAllPutOutOnce() {
        List<String> wanted = new ArrayList<>();
        jobs.forEach(job -> wanted.add(job.id() + " 2"));
        assertThat(outbox()).containsAll(wanted);
        assertThat(outbox().stream().filter(row -> row.endsWith(" 2"))).hasSize(JOBS);
        assertThat(bench.read(jobs.get(JOBS - 1).id()).fence()).isEqualTo(2);
    }

    private List<String> outbox() {
        return bench.store
                .database()
                .inTransaction(tx ->
                        tx.query("SELECT job, fence FROM outbox", row -> row.getObject(1) + " " + row.getLong(2)));
    }
}
