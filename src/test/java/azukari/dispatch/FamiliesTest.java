package azukari.dispatch;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import azukari.dispatch.Operations.Decision;
import azukari.handler.Outcome;
import azukari.intake.Batch;
import azukari.intake.InvalidItemException;
import azukari.intake.Submission;
import azukari.job.ErrorKind;
import azukari.job.Family;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.RunRef;
import azukari.job.Waiting;
import azukari.limit.CapacityTable;
import azukari.limit.Need;
import azukari.platform.Json;
import azukari.testing.CountingSource;
import azukari.testing.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 14: jobs that wait for their children, whether a batch or a fan-out. */
@ParameterizedClass
@EnumSource(Store.class)
class FamiliesTest {
    private static final int ROUNDS = 10;

    private static final String DOUBTFUL = """
            code: DOUBTFUL
            title: Work that may not be repeated
            description: A test's event type.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {bean: noop}
            onCrash: ask
            """;

    private static final String BOTH = """
            code: BOTH
            title: Work in two places
            description: A test's event type.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {fanOut: [NOOP, DOUBTFUL]}
            onSucceeded: [CREATE_ALARM]
            onFailed: [CREATE_ALARM]
            """;

    @Parameter
    private Store store;

    private Bench bench;
    private CountingSource counting;

    @BeforeEach
    void open() {
        bench = new Bench(store, Map.of("doubtful.yaml", DOUBTFUL, "both.yaml", BOTH), pool -> {
            counting = new CountingSource(pool);
            return counting.source();
        });
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static Submission item(String requestId) {
        return new Submission("NOOP", requestId, Json.object(), "tester", 4, null, null);
    }

    private Job batch(int items) throws Exception {
        return bench.intake.accept(Batch.of(
                null,
                "tester",
                IntStream.range(0, items).mapToObj(i -> item(null)).toList()));
    }

    /** In the order in which they were posted. */
    private List<Job> childrenOf(Job parent) {
        return bench
                .store
                .database()
                .inTransaction(tx -> tx.query(
                        "SELECT id FROM event WHERE parent = ? AND parent_ordinal < 0 ORDER BY parent_ordinal DESC",
                        row -> row.getObject(1, java.util.UUID.class),
                        parent.id()))
                .stream()
                .map(bench::read)
                .toList();
    }

    private Job counted(Job parent) {
        bench.families.pass();
        return bench.read(parent.id());
    }

    private List<Job> alarmsOf(Job parent) {
        return bench.chainOf(parent).stream()
                .filter(job -> job.code().equals("CREATE_ALARM") && parent.id().equals(job.parent()))
                .toList();
    }

    private long uncounted() {
        return bench.store
                .database()
                .inTransaction(tx -> tx.query("SELECT COUNT(*) FROM ended_child", row -> row.getLong(1)))
                .get(0);
    }

    @Test
    void rule_14_a_parent_ends_once_all_of_its_children_have() throws Exception {
        Job parent = batch(3);

        assertThat(parent.state()).isEqualTo(JobState.WAITING);
        assertThat(parent.waitingFor()).isEqualTo(Waiting.CHILDREN);
        assertThat(parent.family()).isEqualTo(new Family(parent.id(), 3, 0, 0));
        List<Job> children = childrenOf(parent);
        assertThat(children).hasSize(3).allMatch(job -> job.state() == JobState.QUEUED && job.child());

        bench.end(children.get(0), Outcome.succeeded());
        bench.end(children.get(1), Outcome.succeeded());
        Job halfway = counted(parent);
        assertThat(halfway.state()).isEqualTo(JobState.WAITING);
        assertThat(halfway.family()).isEqualTo(new Family(parent.id(), 3, 2, 0));
        assertThat(halfway.progressPercent()).isEqualTo(66);
        assertThat(halfway.progressMessage()).isEqualTo("2 of 3 have ended");

        bench.end(children.get(2), Outcome.succeeded());
        Job ended = counted(parent);
        assertThat(ended.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(Json.read(ended.result()).get("succeeded").intValue()).isEqualTo(3);
        assertThat(alarmsOf(parent)).hasSize(1);
        assertThat(uncounted()).isZero();
        assertThat(bench.runsOf(ended)).isEmpty();
    }

    @Test
    void rule_14_every_end_without_success_counts_and_a_retry_runs_only_those() throws Exception {
        Job parent = bench.intake.accept(Batch.of(
                null,
                "tester",
                List.of(
                        item(null),
                        item(null),
                        item(null),
                        new Submission("DOUBTFUL", null, Json.object(), "tester", 4, null, null))));
        List<Job> children = childrenOf(parent);
        bench.end(children.get(0), Outcome.succeeded());
        bench.end(children.get(1), Outcome.failed("no"));
        bench.operations.cancel(children.get(2).id());
        bench.claim(children.get(3));
        bench.exits.interrupt(bench.read(children.get(3).id()), "a test");

        Job failed = counted(parent);
        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.error().kind()).isEqualTo(ErrorKind.CHILDREN);
        assertThat(failed.error().message()).isEqualTo("3 of 4 children did not succeed");
        assertThat(failed.family()).isEqualTo(new Family(parent.id(), 4, 1, 3));

        Job again = bench.operations.retry(parent.id()).orElseThrow();
        assertThat(again.state()).isEqualTo(JobState.WAITING);
        assertThat(again.generation()).isEqualTo(1);
        assertThat(again.family())
                .as("what is in doubt is left to a person")
                .isEqualTo(new Family(parent.id(), 4, 1, 1));
        assertThat(childrenOf(parent))
                .extracting(Job::state)
                .containsExactly(JobState.SUCCEEDED, JobState.QUEUED, JobState.QUEUED, JobState.UNCERTAIN);

        bench.operations.resolve(children.get(3).id(), Decision.SUCCEEDED, null);
        bench.end(children.get(1), Outcome.succeeded());
        bench.end(children.get(2), Outcome.succeeded());
        assertThat(counted(parent).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(alarmsOf(parent)).as("one for each end").hasSize(2);
    }

    @Test
    void a_child_that_is_retried_by_itself_is_counted_by_its_last_end() throws Exception {
        Job parent = batch(2);
        List<Job> children = childrenOf(parent);
        bench.end(children.get(0), Outcome.failed("no"));
        assertThat(counted(parent).family().failed()).isEqualTo(1);

        bench.operations.retry(children.get(0).id());
        assertThat(bench.read(parent.id()).family().failed()).isZero();
        bench.end(children.get(0), Outcome.failed("no"));
        bench.operations.retry(children.get(0).id()); // Before that was counted.
        assertThat(uncounted()).isZero();
        bench.end(children.get(0), Outcome.succeeded());
        bench.end(children.get(1), Outcome.succeeded());

        assertThat(counted(parent).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void a_retry_of_a_parent_whose_children_have_all_succeeded_since_ends_it() throws Exception {
        Job parent = batch(1);
        Job child = childrenOf(parent).get(0);
        bench.end(child, Outcome.failed("no"));
        assertThat(counted(parent).state()).isEqualTo(JobState.FAILED);
        bench.operations.retry(child.id());
        bench.end(child, Outcome.succeeded());
        assertThat(counted(parent).state()).as("it has ended").isEqualTo(JobState.FAILED);

        assertThat(bench.operations.retry(parent.id()).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
        assertThatThrownBy(() -> bench.operations.retry(parent.id())).isInstanceOf(RefusedException.class);
    }

    /** Each ends, or is refused, because the other was first; neither is chosen by the database to give way. */
    @Test
    void rule_15_counting_and_retries_of_a_parent_and_of_its_children_wait_for_one_another_in_one_order()
            throws Exception {
        Job parent = batch(4);
        List<Job> children = childrenOf(parent);
        children.forEach(child -> bench.end(child, Outcome.failed("no")));
        assertThat(counted(parent).state()).isEqualTo(JobState.FAILED);
        counting.reset();
        for (int round = 0; round < ROUNDS; round++) {
            children.forEach(child -> bench.operations.retry(child.id()));
            children.forEach(child -> bench.end(child, Outcome.failed("no")));
            Job one = children.get(round % children.size());

            atOnce(
                    bench.families::pass,
                    () -> bench.operations.retry(parent.id()),
                    () -> bench.operations.retry(one.id()));

            childrenOf(parent).stream()
                    .filter(child -> child.state() == JobState.QUEUED)
                    .forEach(child -> bench.end(child, Outcome.failed("no")));
            assertThat(counted(parent).state()).isEqualTo(JobState.FAILED);
            assertThat(bench.read(parent.id()).family()).isEqualTo(new Family(parent.id(), 4, 0, 4));
        }
        assertThat(counting.conflicts()).isZero();
    }

    private static void atOnce(Runnable... all) throws Exception {
        CyclicBarrier start = new CyclicBarrier(all.length);
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (Runnable one : all) {
            running.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            start.await();
                            one.run();
                        } catch (RefusedException e) {
                            // Another was first, and the job runs again.
                        } catch (InterruptedException | BrokenBarrierException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    command -> new Thread(command).start()));
        }
        for (CompletableFuture<Void> one : running) {
            one.get(1, TimeUnit.MINUTES);
        }
    }

    @Test
    void a_cancelled_parent_cancels_what_has_not_ended_and_ends_when_that_has() throws Exception {
        Job parent = batch(3);
        List<Job> children = childrenOf(parent);
        bench.end(children.get(0), Outcome.succeeded());
        bench.claim(children.get(1));

        bench.operations.cancel(parent.id());
        bench.dueJobs.pass();

        assertThat(bench.read(children.get(2).id()).state()).isEqualTo(JobState.CANCELLED);
        Job running = bench.read(children.get(1).id());
        assertThat(running.cancelling()).isTrue();
        assertThat(counted(parent).state()).isEqualTo(JobState.WAITING);
        assertThat(bench.dueJobs.pass()).as("nothing is due").isPositive();

        bench.leave(running, RunRef.of(running), bench.verdicts.cancelled(bench.workOf(running)));
        assertThat(counted(parent).state()).isEqualTo(JobState.CANCELLED);
        assertThat(bench.read(parent.id()).family()).isEqualTo(new Family(parent.id(), 3, 1, 2));
        assertThat(alarmsOf(parent)).hasSize(1);
    }

    @Test
    void rule_14_at_most_256_children_of_a_batch_are_on_the_wire() throws Exception {
        Job parent = batch(300);
        bench.letPass(Duration.ZERO);

        List<Job> queued = queuedOf(parent);
        assertThat(queued).hasSize(256);
        queued.subList(0, 20).forEach(job -> bench.end(job, Outcome.succeeded()));
        bench.letPass(Duration.ZERO);
        assertThat(queuedOf(parent)).hasSize(256);

        for (List<Job> next = queuedOf(parent); !next.isEmpty(); next = queuedOf(parent)) {
            next.forEach(job -> bench.end(job, Outcome.succeeded()));
            bench.letPass(Duration.ZERO);
        }
        assertThat(counted(parent).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(bench.read(parent.id()).family().succeeded()).isEqualTo(300);
    }

    private List<Job> queuedOf(Job parent) {
        return new ArrayList<>(childrenOf(parent).stream()
                .filter(job -> job.state() == JobState.QUEUED)
                .sorted(Comparator.comparing(Job::id))
                .toList());
    }

    @Test
    void a_batch_is_stored_whole_or_not_at_all() throws Exception {
        bench.intake.accept(item("taken"));

        InvalidItemException known = catchThrowableOfType(
                InvalidItemException.class,
                () -> bench.intake.accept(
                        Batch.of("b-1", "tester", List.of(item(null), item("taken"), item("x"), item("x")))));
        assertThat(known.index()).isEqualTo(1);
        assertThat(known.violations())
                .extracting(found -> found.pointer())
                .containsExactly("/items/1/requestId", "/items/3/requestId");
        InvalidItemException unknown = catchThrowableOfType(
                InvalidItemException.class,
                () -> bench.intake.accept(Batch.of(
                        "b-1",
                        "tester",
                        List.of(item(null), new Submission("NONE", null, Json.object(), "tester", 4, null, null)))));
        assertThat(unknown.index()).isEqualTo(1);

        Job stored = bench.intake.accept(Batch.of("b-1", "tester", List.of(item("x"))));
        Job repeated = bench.intake.accept(Batch.of("b-1", "tester", List.of(item("x"))));
        assertThat(repeated.id()).isEqualTo(stored.id());
        assertThatThrownBy(() -> bench.intake.accept(Batch.of("b-1", "tester", List.of(item("y")))))
                .hasMessageContaining("b-1");
    }

    @Test
    void what_a_batch_needs_is_not_locked_while_it_is_stored() throws Exception {
        List<Need> needs = new ArrayList<>();
        Job parent = batch(300);
        needs.add(Need.batch(parent.id()));
        int locked = bench.database.inTransaction(tx -> CapacityTable.ensure(tx, needs, bench.clock.instant()));
        assertThat(locked).as("it is there").isZero();

        bench.intake.accept(item("taken"));
        List<Submission> items = new ArrayList<>(Collections.nCopies(300, item(null)));
        items.set(299, item("taken"));
        assertThatThrownBy(() -> bench.intake.accept(Batch.of("b-1", "tester", items)))
                .isInstanceOf(InvalidItemException.class);

        List<Integer> rows =
                bench.database.inTransaction(tx -> tx.query("SELECT COUNT(*) FROM capacity", row -> row.getInt(1)));
        assertThat(rows).as("its row was committed before it was refused").containsExactly(2);
    }

    @Test
    void a_parent_that_is_a_child_itself_is_counted_by_its_last_end() throws Exception {
        Job batch = bench.intake.accept(Batch.of(
                null,
                "tester",
                List.of(item(null), new Submission("BOTH", null, Json.object(), "tester", 4, null, null))));
        Job other = childrenOf(batch).get(0);
        Job nested = childrenOf(batch).get(1);
        fanOut(nested);
        List<Job> leaves = childrenOf(nested);
        bench.end(leaves.get(0), Outcome.failed("no"));
        bench.end(leaves.get(1), Outcome.succeeded());
        counted(batch);
        assertThat(counted(batch).family()).isEqualTo(new Family(batch.id(), 2, 0, 1));

        bench.operations.retry(nested.id());
        bench.end(other, Outcome.succeeded());
        assertThat(counted(batch).state()).as("one is running again").isEqualTo(JobState.WAITING);
        bench.end(leaves.get(0), Outcome.failed("no"));
        counted(batch);
        assertThat(counted(batch).state()).isEqualTo(JobState.FAILED);

        bench.operations.retry(batch.id());
        assertThat(bench.read(leaves.get(0).id()).state()).isEqualTo(JobState.QUEUED);
        assertThat(bench.read(leaves.get(1).id()).state()).isEqualTo(JobState.SUCCEEDED);
        bench.end(leaves.get(0), Outcome.succeeded());
        counted(batch);
        assertThat(counted(batch).state()).isEqualTo(JobState.SUCCEEDED);
    }

    private void fanOut(Job parent) {
        RunRef run = bench.claim(bench.read(parent.id()));
        Job running = bench.read(parent.id());
        bench.leave(running, run, bench.verdicts.fannedOut(bench.workOf(running), Json.object()));
    }

    @Test
    void a_fan_out_stores_its_children_and_ends_with_them() {
        Job parent = bench.accept(anOrder().code("BOTH").body("{\"a\":1}").build());
        RunRef run = bench.claim(parent);
        bench.leave(
                bench.read(parent.id()),
                run,
                bench.verdicts.fannedOut(bench.workOf(bench.read(parent.id())), Json.read("{\"a\":1}")));

        Job waiting = bench.read(parent.id());
        assertThat(waiting.waitingFor()).isEqualTo(Waiting.CHILDREN);
        List<Job> children = childrenOf(parent);
        assertThat(children).extracting(Job::code).containsExactly("NOOP", "DOUBTFUL");
        assertThat(children).allMatch(child -> bench.bodyOf(child).equals("{\"a\":1}"));

        bench.end(children.get(0), Outcome.failed("no"));
        bench.end(children.get(1), Outcome.succeeded());
        assertThat(counted(parent).error().kind()).isEqualTo(ErrorKind.CHILDREN);

        bench.operations.retry(parent.id());
        assertThat(childrenOf(parent)).extracting(Job::state).containsExactly(JobState.QUEUED, JobState.SUCCEEDED);
        bench.end(children.get(0), Outcome.succeeded());
        Job ended = counted(parent);
        assertThat(ended.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(bench.runsOf(ended)).hasSize(1);
        assertThat(alarmsOf(parent)).hasSize(2);
    }
}
