package azukari.intake;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.database.DataRefusedException;
import azukari.database.Database;
import azukari.database.Gate;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.job.JobOrder;
import azukari.job.NewJob;
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
    void a_group_takes_three_statements_whatever_its_size() {
        List<NewJob> jobs = IntStream.range(0, 20)
                .mapToObj(i -> job(anOrder().requestId("r-" + i).build()))
                .toList();

        List<Done<Boolean>> accepted = accept(jobs);

        assertThat(accepted).allMatch(Done::value);
        assertThat(accepted)
                .extracting(one -> one.effects().messages().get(0).envelope().job())
                .containsExactlyElementsOf(
                        jobs.stream().map(job -> job.order().id()).toList());
        assertThat(counting.commits()).isEqualTo(1);
        assertThat(counting.statements())
                .as("the event, its state, its message")
                .hasSize(3);
        assertThat(outboxOf(jobs)).isEqualTo(20);
    }

    @Test
    void the_same_request_id_twice_in_one_group_is_one_job() {
        NewJob first = job(anOrder().requestId("same").build());
        NewJob second = job(anOrder().requestId("same").build());
        NewJob other = job(anOrder().requestId("other").build());

        List<Done<Boolean>> accepted = accept(List.of(second, other, first));

        assertThat(accepted).extracting(Done::value).containsExactly(false, true, true);
        assertThat(accepted).extracting(one -> one.effects().messages().size()).containsExactly(0, 1, 1);
        assertThat(outboxOf(List.of(first, second, other))).isEqualTo(2);
    }

    @Test
    void rule_15_request_ids_that_are_known_already_cost_no_error_and_no_statement_more() {
        List<NewJob> known = IntStream.range(0, 5)
                .mapToObj(i -> job(anOrder().requestId("r-" + i).build()))
                .toList();
        accept(known);
        counting.reset();
        List<NewJob> again = new ArrayList<>(IntStream.range(0, 5)
                .mapToObj(i -> job(anOrder().requestId("r-" + i).build()))
                .toList());
        again.add(job(anOrder().build()));

        List<Done<Boolean>> accepted = accept(again);

        assertThat(accepted).extracting(Done::value).containsExactly(false, false, false, false, false, true);
        assertThat(accepted.subList(0, 5)).allMatch(one -> one.effects().equals(Effects.none()));
        assertThat(accepted.get(5).effects().messages()).hasSize(1);
        assertThat(outboxOf(known)).isEqualTo(5);
        assertThat(outboxOf(again)).isEqualTo(1);
        assertThat(counting.statements()).hasSize(3);
        assertThat(counting.commits()).isEqualTo(1);
    }

    @Test
    void a_job_whose_time_lies_ahead_has_no_message() {
        NewJob later = job(anOrder().notBefore(now.plusSeconds(60)).build());
        NewJob atOnce = job(anOrder().build());

        List<Done<Boolean>> accepted = accept(List.of(later, atOnce));

        assertThat(accepted).allMatch(Done::value);
        assertThat(accepted.get(0).effects().messages()).isEmpty();
        assertThat(accepted.get(1).effects().messages())
                .extracting(message -> message.envelope().job())
                .containsExactly(atOnce.order().id());
        assertThat(outboxOf(List.of(later, atOnce))).isEqualTo(1);
    }

    @Test
    void one_that_the_database_refuses_fails_alone() {
        NewJob good = job(anOrder().build());
        NewJob bad = job(anOrder().code("X".repeat(65)).build());
        NewJob alsoGood = job(anOrder().build());

        List<CompletableFuture<Done<Boolean>>> accepted =
                new HeldStep<>(new AcceptStep()).runAsGroup(gate, List.of(good, bad, alsoGood));

        assertThat(accepted.get(0).join().value()).isTrue();
        assertThat(accepted.get(2).join().value()).isTrue();
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
                List<NewJob> here = jobs(round);
                List<NewJob> there = jobs(round);
                Collections.reverse(there);
                CountDownLatch start = new CountDownLatch(1);
                Future<List<Done<Boolean>>> first = nodes.submit(() -> step(start, here));
                Future<List<Done<Boolean>>> second = nodes.submit(() -> step(start, there));
                start.countDown();
                List<Done<Boolean>> reversed = new ArrayList<>(second.get(30, TimeUnit.SECONDS));
                Collections.reverse(reversed);
                assertThat(first.get(30, TimeUnit.SECONDS))
                        .as("what one node stored, the other did not")
                        .extracting(Done::value)
                        .containsExactlyElementsOf(
                                reversed.stream().map(one -> !one.value()).toList());
                assertThat(outboxOf(here) + outboxOf(there)).isEqualTo(40);
            }
        } finally {
            nodes.shutdownNow();
        }
    }

    private List<NewJob> jobs(int round) {
        return new ArrayList<>(IntStream.range(0, 40)
                .mapToObj(i -> job(anOrder().requestId(round + "-" + i).build()))
                .toList());
    }

    private List<Done<Boolean>> step(CountDownLatch start, List<NewJob> jobs) throws InterruptedException {
        start.await();
        return opened.database().inTransaction(tx -> new AcceptStep().run(tx, jobs));
    }

    private List<Done<Boolean>> accept(List<NewJob> jobs) {
        return new HeldStep<>(new AcceptStep())
                .runAsGroup(gate, jobs).stream().map(CompletableFuture::join).toList();
    }

    private NewJob job(JobOrder order) {
        return new NewJob(order, now);
    }

    private long outboxOf(List<NewJob> jobs) {
        return opened.database().inTransaction(tx -> tx.queryAll(
                        "SELECT COUNT(*) FROM outbox WHERE job = ANY(?) AND fence = 1",
                        row -> row.getLong(1),
                        jobs.stream().map(job -> job.order().id()).toList())
                .get(0));
    }
}
