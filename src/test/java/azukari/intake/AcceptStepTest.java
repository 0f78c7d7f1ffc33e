package azukari.intake;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.database.DataRefusedException;
import azukari.database.Database;
import azukari.database.Gate;
import azukari.intake.AcceptStep.Accepted;
import azukari.job.Job;
import azukari.job.JobOrder;
import azukari.platform.SystemClock;
import azukari.testing.CountingSource;
import azukari.testing.HeldStep;
import azukari.testing.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Many accepts in one transaction, on each database. */
@ParameterizedClass
@EnumSource(Store.class)
class AcceptStepTest {
    private final Instant now = SystemClock.utc().instant();

    @Parameter
    private Store store;

    private Store.Opened opened;
    private CountingSource counting;
    private Database database;
    private Gate gate;

    @BeforeEach
    void open() {
        opened = store.open();
        counting = new CountingSource(opened.source());
        database = new Database(counting.source());
        gate = new Gate(database);
    }

    @AfterEach
    void close() {
        database.close();
        opened.close();
    }

    @Test
    void a_group_takes_two_statements_whatever_its_size() {
        List<Job> jobs = IntStream.range(0, 20)
                .mapToObj(i -> job(anOrder().requestId("r-" + i).build()))
                .toList();

        List<Accepted> accepted = accept(jobs);

        assertThat(accepted).extracting(Accepted::job).containsExactlyElementsOf(jobs);
        assertThat(accepted)
                .allSatisfy(one -> assertThat(one.pending().envelope().job())
                        .isEqualTo(one.job().id()));
        assertThat(counting.commits()).isEqualTo(1);
        assertThat(counting.statements()).hasSize(2);
        assertThat(outboxOf(jobs)).isEqualTo(20);
    }

    @Test
    void the_same_request_id_twice_in_one_group_is_one_job_for_both() {
        Job first = job(anOrder().requestId("same").build());
        Job second = job(anOrder().requestId("same").build());
        Job other = job(anOrder().requestId("other").build());

        List<Accepted> accepted = accept(List.of(second, other, first));

        assertThat(accepted).extracting(one -> one.job().id()).containsExactly(first.id(), other.id(), first.id());
        assertThat(accepted).extracting(one -> one.pending() != null).containsExactly(false, true, true);
        assertThat(outboxOf(List.of(first, second, other))).isEqualTo(2);
    }

    @Test
    void rule_15_request_ids_that_are_known_already_cost_one_statement_more_and_no_error() {
        List<Job> known = IntStream.range(0, 5)
                .mapToObj(i -> job(anOrder().requestId("r-" + i).build()))
                .toList();
        accept(known);
        counting.reset();
        List<Job> again = new ArrayList<>(IntStream.range(0, 5)
                .mapToObj(i -> job(anOrder().requestId("r-" + i).build()))
                .toList());
        again.add(job(anOrder().build()));

        List<Accepted> accepted = accept(again);

        assertThat(accepted.subList(0, 5))
                .extracting(one -> one.job().id())
                .containsExactlyElementsOf(known.stream().map(Job::id).toList());
        assertThat(accepted.subList(0, 5)).allMatch(one -> one.pending() == null);
        assertThat(accepted.get(5).pending()).isNotNull();
        assertThat(counting.statements()).hasSize(3);
        assertThat(counting.commits()).isEqualTo(1);
    }

    @Test
    void a_job_whose_time_lies_ahead_has_no_message() {
        Job later = job(anOrder().notBefore(now.plusSeconds(60)).build());
        Job atOnce = job(anOrder().build());

        List<Accepted> accepted = accept(List.of(later, atOnce));

        assertThat(accepted.get(0).pending()).isNull();
        assertThat(accepted.get(1).pending().envelope().job()).isEqualTo(atOnce.id());
        assertThat(outboxOf(List.of(later, atOnce))).isEqualTo(1);
    }

    @Test
    void one_that_the_database_refuses_fails_alone() {
        Job good = job(anOrder().build());
        Job bad = job(anOrder().code("X".repeat(65)).build());
        Job alsoGood = job(anOrder().build());

        List<CompletableFuture<Accepted>> accepted =
                new HeldStep<>(new AcceptStep()).runAsGroup(gate, List.of(good, bad, alsoGood));

        assertThat(accepted.get(0).join().job()).isEqualTo(good);
        assertThat(accepted.get(2).join().job()).isEqualTo(alsoGood);
        assertThat(accepted.get(1))
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(DataRefusedException.class);
        assertThat(outboxOf(List.of(good, bad, alsoGood))).isEqualTo(2);
    }

    /** Rule 15: groups of two nodes that meet on the same request ids, in opposite orders, never wait in a circle: nothing is run again here. */
    @Test
    void rule_15_two_nodes_with_crossing_request_ids_store_each_once_and_without_a_deadlock() throws Exception {
        int rounds = 30;
        ExecutorService nodes = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < rounds; round++) {
                List<Job> here = jobs(round);
                List<Job> there = jobs(round);
                Collections.reverse(there);
                CountDownLatch start = new CountDownLatch(1);
                Future<List<Accepted>> first = nodes.submit(() -> step(start, here));
                Future<List<Accepted>> second = nodes.submit(() -> step(start, there));
                start.countDown();
                List<Accepted> reversed = new ArrayList<>(second.get(30, TimeUnit.SECONDS));
                Collections.reverse(reversed);
                assertThat(first.get(30, TimeUnit.SECONDS))
                        .extracting(one -> one.job().id())
                        .containsExactlyElementsOf(
                                reversed.stream().map(one -> one.job().id()).toList());
            }
        } finally {
            nodes.shutdownNow();
        }
    }

    private List<Job> jobs(int round) {
        return new ArrayList<>(IntStream.range(0, 40)
                .mapToObj(i -> job(anOrder().requestId(round + "-" + i).build()))
                .toList());
    }

    private List<Accepted> step(CountDownLatch start, List<Job> jobs) throws InterruptedException {
        start.await();
        return opened.database().inTransaction(tx -> new AcceptStep().run(tx, jobs));
    }

    private List<Accepted> accept(List<Job> jobs) {
        return new HeldStep<>(new AcceptStep())
                .runAsGroup(gate, jobs).stream().map(CompletableFuture::join).toList();
    }

    private Job job(JobOrder order) {
        return Job.accepted(order, now);
    }

    private long outboxOf(List<Job> jobs) {
        return opened.database().inTransaction(tx -> tx.queryAll(
                        "SELECT COUNT(*) FROM outbox WHERE job = ANY(?) AND fence = 1",
                        row -> row.getLong(1),
                        jobs.stream().map(Job::id).toList())
                .get(0));
    }
}
