package azukari.dispatch;

import static azukari.job.Orders.anOrder;
import static azukari.testing.JobAssert.assertThatJob;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.handler.Outcome;
import azukari.job.ErrorKind;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.RunOutcome;
import azukari.testing.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cancel, retry and abandon do to the table; what they do to a handler that runs is in {@link DispatcherTest}. */
@ParameterizedClass
@EnumSource(Store.class)
class OperationsTest {
    private static final String TYPE = """
            code: %s
            title: A test's work
            description: A test's event type.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {bean: noop}
            timeout: 10s
            expireAfter: 1h
            onCrash: %s
            onFailed: [CREATE_ALARM]
            """;

    @Parameter
    private Store store;

    private Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(
                store,
                Map.of(
                        "work.yaml", TYPE.formatted("WORK", "rerun"),
                        "once.yaml", TYPE.formatted("ONCE", "ask"),
                        "asked.yaml", TYPE.formatted("ASKED", "probe")));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void what_is_due_and_locked_by_somebody_else_is_looked_at_again_after_a_pause() {
        bench.accept(anOrder()
                .code("WORK")
                .notBefore(bench.clock.instant().plusSeconds(60))
                .build());
        bench.clock.advance(Duration.ofSeconds(61));

        Duration pause = bench.database.inTransaction(tx -> {
            assertThat(JobTable.lockDue(tx, bench.clock.instant(), 10)).hasSize(1);
            return inAnotherThread(bench.dueJobs::pass);
        });

        assertThat(pause).isPositive();
    }

    private static <T> T inAnotherThread(Supplier<T> what) {
        return CompletableFuture.supplyAsync(what).join();
    }

    @Test
    void a_queued_job_is_cancelled_at_once_and_its_message_finds_nothing_to_claim() {
        Job job = accept("WORK");

        Job cancelled = bench.operations.cancel(job.id()).orElseThrow();

        assertThat(cancelled.state()).isEqualTo(JobState.CANCELLED);
        assertThat(cancelled.finishedAt()).isNotNull();
        assertThat(cancelled.error()).isNull();
        assertThat(bench.claims(job.id(), job.fence())).isFalse();
        assertThat(bench.runsOf(job)).isEmpty();
        assertThat(bench.chainOf(job)).extracting(Job::code).containsExactly("WORK", "CREATE_ALARM");
        assertThat(bench.bodyOf(bench.chainOf(job).get(1)))
                .contains("\"outcome\":\"CANCELLED\"")
                .doesNotContain("error");
    }

    @Test
    void a_job_that_waits_for_its_time_or_its_back_off_is_cancelled_at_once() {
        Job later = bench.accept(anOrder()
                .code("WORK")
                .notBefore(bench.clock.instant().plusSeconds(60))
                .build());
        Job again = accept("WORK");
        bench.claim(again);
        bench.end(again, Outcome.retry("not yet"));

        bench.operations.cancel(later.id());
        bench.operations.cancel(again.id());
        bench.letPass(Duration.ofHours(2));

        assertThat(read(later).state()).isEqualTo(JobState.CANCELLED);
        assertThat(read(again).state()).isEqualTo(JobState.CANCELLED);
        assertThat(read(again).error()).isNull();
        assertThat(bench.runsOf(again)).singleElement().satisfies(run -> assertThat(run.outcome())
                .isEqualTo(RunOutcome.RETRY));
    }

    /** What its type says is to follow, nobody knows here; so somebody is told. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_job_of_a_type_that_this_node_does_not_know_is_cancelled_or_expires_and_an_alarm_follows(boolean later) {
        Instant time = later ? bench.clock.instant().plusSeconds(60) : null;
        Job cancelled = bench.accept(anOrder().code("NEWER").notBefore(time).build());
        Job expired = bench.accept(anOrder()
                .code("NEWER")
                .notBefore(time)
                .expireAfter(Duration.ofHours(1))
                .build());
        assertThat(expired.state()).isEqualTo(later ? JobState.WAITING : JobState.QUEUED);

        bench.operations.cancel(cancelled.id());
        bench.letPass(Duration.ofHours(2));

        assertThatJob(read(cancelled)).isCancelled();
        assertThatJob(read(expired)).hasFailedWith(ErrorKind.EXPIRED);
        Map.of(cancelled, "CANCELLED", expired, "FAILED").forEach((job, outcome) -> {
            assertThat(bench.chainOf(job)).extracting(Job::code).containsExactly("NEWER", "CREATE_ALARM");
            assertThat(bench.bodyOf(bench.chainOf(job).get(1)))
                    .contains("\"code\":\"NEWER\"", "\"outcome\":\"" + outcome + "\"");
        });
    }

    @Test
    void rule_6_a_running_job_is_only_asked_and_asking_twice_is_asking_once() {
        Job job = accept("WORK");
        bench.claim(job);

        assertThat(bench.operations.cancel(job.id()).orElseThrow().state()).isEqualTo(JobState.RUNNING);
        assertThat(bench.operations.cancel(job.id()).orElseThrow().cancelling()).isTrue();

        assertThat(read(job).state()).isEqualTo(JobState.RUNNING);
        assertThat(bench.chainOf(job)).hasSize(1);
    }

    @Test
    void a_run_that_ends_before_it_hears_of_the_cancel_is_not_followed_by_another_one() {
        Job job = accept("WORK");
        bench.claim(job);
        bench.operations.cancel(job.id());

        bench.end(job, Outcome.retry("not yet"));
        bench.letPass(Duration.ZERO);

        Job queued = read(job);
        assertThat(queued.state()).as("its back-off does not hold it up").isEqualTo(JobState.QUEUED);
        assertThat(bench.messageOf(queued).ticket().cancelling())
                .as("its next run ends without the handler")
                .isTrue();
    }

    @Test
    void a_success_wins_over_a_cancel() {
        Job job = accept("WORK");
        bench.claim(job);
        bench.operations.cancel(job.id());

        bench.end(job, Outcome.succeeded());

        assertThat(read(job).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(read(job).cancelling()).isFalse();
    }

    @Test
    void a_cancel_survives_the_death_of_the_process() {
        Job job = accept("WORK");
        bench.claim(job);
        bench.operations.cancel(job.id());

        bench.exits.interrupt(read(job), "node died");

        assertThat(read(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(bench.runsOf(job)).singleElement().satisfies(run -> assertThat(run.outcome())
                .isEqualTo(RunOutcome.CANCELLED));
        assertThat(bench.chainOf(job)).extracting(Job::code).containsExactly("WORK", "CREATE_ALARM");
    }

    @Test
    void a_cancel_between_the_rescuers_look_and_its_finish_is_not_lost() {
        Job job = accept("WORK");
        bench.claim(job);
        Job seen = read(job);
        bench.operations.cancel(job.id());

        bench.exits.interrupt(seen, "node died");

        assertThat(read(job).state()).isEqualTo(JobState.QUEUED);
        assertThat(bench.messageOf(read(job)).ticket().cancelling()).isTrue();
    }

    @Test
    void after_a_death_doubt_comes_before_a_cancel() {
        Job once = accept("ONCE");
        Job asked = accept("ASKED");
        for (Job job : List.of(once, asked)) {
            bench.claim(job);
            bench.operations.cancel(job.id());
            bench.exits.interrupt(read(job), "node died");
        }

        assertThat(read(once).state()).isEqualTo(JobState.UNCERTAIN);
        assertThat(read(asked).state()).as("its handler is to be asked").isEqualTo(JobState.QUEUED);
        assertThat(bench.messageOf(read(asked)).ticket().cancelling()).isTrue();
        assertThat(bench.messageOf(read(asked)).ticket().doubtful()).isTrue();
    }

    @Test
    void a_queued_job_in_doubt_is_asked_about_before_it_is_cancelled() {
        Job job = accept("ASKED");
        bench.claim(job);
        bench.exits.interrupt(read(job), "node died");
        Job queued = read(job);

        bench.operations.cancel(job.id());
        assertThat(bench.claims(job.id(), queued.fence()))
                .as("the message that does not know of it is out of date")
                .isFalse();
        bench.letPass(Duration.ZERO);

        assertThat(bench.claims(job.id(), queued.fence())).isFalse();
        assertThat(read(job).state()).isEqualTo(JobState.QUEUED);
        assertThat(bench.messageOf(read(job)).ticket().cancelling()).isTrue();
    }

    @Test
    void an_ended_job_can_not_be_cancelled() {
        Job job = accept("ONCE");
        bench.claim(job);
        bench.exits.interrupt(read(job), "node died");

        assertThatThrownBy(() -> bench.operations.cancel(job.id()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("UNCERTAIN");
        assertThat(read(job).state()).isEqualTo(JobState.UNCERTAIN);
        assertThat(bench.operations.cancel(UUID.randomUUID())).as("no such job").isEmpty();
    }

    @Test
    void a_retry_is_a_new_generation_with_new_attempts_and_its_ends_are_told_anew() {
        Job job = bench.accept(anOrder().code("WORK").requestId("r-1").build());
        bench.end(job, Outcome.failed("no"));
        bench.clock.advance(Duration.ofHours(3));

        Job again = bench.operations.retry(job.id()).orElseThrow();

        assertThat(again.state()).isEqualTo(JobState.QUEUED);
        assertThat(again.generation()).isEqualTo(1);
        assertThat(again.requestId()).isEqualTo("r-1");
        assertThat(again.error()).isNull();
        assertThat(again.finishedAt()).isNull();
        assertThat(again.attempt()).isZero();
        assertThat(again.run()).as("run numbers go on").isEqualTo(1);
        assertThat(again.fence()).isEqualTo(3);
        assertThat(again.expiresAt()).isEqualTo(bench.clock.instant().plus(Duration.ofHours(1)));
        assertThat(bench.outboxOf(job)).contains(3L);
        bench.end(again, Outcome.failed("no"));
        assertThat(bench.runsOf(job)).extracting(run -> run.number()).containsExactly(1, 2);
        assertThat(bench.runsOf(job)).extracting(run -> run.attempt()).containsExactly(1, 1);
        assertThat(bench.chainOf(job))
                .as("rule 19: an alarm for each generation")
                .extracting(Job::code)
                .containsExactly("WORK", "CREATE_ALARM", "CREATE_ALARM");
    }

    @Test
    void what_was_cancelled_or_is_uncertain_can_be_retried_and_nothing_else() {
        Job cancelled = accept("WORK");
        bench.operations.cancel(cancelled.id());
        Job uncertain = accept("ONCE");
        bench.claim(uncertain);
        bench.exits.interrupt(read(uncertain), "node died");
        Job waiting = bench.accept(anOrder()
                .code("WORK")
                .notBefore(bench.clock.instant().plusSeconds(60))
                .build());
        Job done = accept("WORK");
        bench.end(done, Outcome.succeeded());

        assertThat(bench.operations.retry(cancelled.id()).orElseThrow().state()).isEqualTo(JobState.QUEUED);
        assertThat(bench.operations.retry(uncertain.id()).orElseThrow().doubtful())
                .as("somebody has decided")
                .isFalse();
        for (Job job : List.of(cancelled, waiting, done)) {
            assertThatThrownBy(() -> bench.operations.retry(job.id())).isInstanceOf(RefusedException.class);
        }
        assertThat(read(done).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void of_racing_retries_one_wins() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            for (int round = 1; round <= 10; round++) {
                Job job = accept("WORK");
                bench.end(job, Outcome.failed("no"));
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Boolean>> tries = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    tries.add(pool.submit(() -> {
                        start.await();
                        return retried(job);
                    }));
                }
                start.countDown();
                int won = 0;
                for (Future<Boolean> one : tries) {
                    won += one.get(30, TimeUnit.SECONDS) ? 1 : 0;
                }
                assertThat(won).isEqualTo(1);
                assertThat(read(job).generation()).isEqualTo(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private boolean retried(Job job) {
        try {
            return bench.operations.retry(job.id()).isPresent();
        } catch (RefusedException lost) {
            return false;
        }
    }

    /** Rule 6. */
    @Test
    void rule_6_only_a_run_that_was_asked_to_stop_can_be_abandoned_and_then_on_crash_decides() {
        Job slow = accept("WORK");
        Job cancelled = accept("WORK");
        Job once = accept("ONCE");
        List.of(slow, cancelled, once).forEach(bench::claim);

        assertThatThrownBy(() -> bench.operations.abandon(slow.id())).isInstanceOf(RefusedException.class);
        bench.operations.cancel(cancelled.id());
        bench.operations.abandon(cancelled.id());
        bench.clock.advance(Duration.ofSeconds(11));
        bench.operations.abandon(slow.id());
        bench.operations.abandon(once.id());

        assertThat(read(cancelled).state()).isEqualTo(JobState.CANCELLED);
        assertThat(read(slow).state()).isEqualTo(JobState.QUEUED);
        assertThat(read(once).state()).isEqualTo(JobState.UNCERTAIN);
        assertThatThrownBy(() -> bench.operations.abandon(once.id())).isInstanceOf(RefusedException.class);
    }

    private Job accept(String code) {
        return bench.accept(anOrder().code(code).build());
    }

    private Job read(Job job) {
        return bench.read(job.id());
    }
}
