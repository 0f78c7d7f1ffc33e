package azukari.dispatch;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import azukari.handler.BoundHandler;
import azukari.handler.Handler;
import azukari.handler.Handlers;
import azukari.handler.Outcome;
import azukari.handler.Probe;
import azukari.handler.RunContext;
import azukari.job.ErrorKind;
import azukari.job.Job;
import azukari.job.JobDeaths;
import azukari.job.JobState;
import azukari.job.RunOutcome;
import azukari.platform.Ids;
import azukari.testing.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The path of one message, with handlers of every kind, over a real store. */
class DispatcherTest {
    private static final String TYPE = """
            code: %s
            title: A test's work
            description: A test's event type.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {bean: noop}
            timeout: %s
            onCrash: %s
            """;

    private final Bench bench = new Bench(
            Store.H2,
            Map.of(
                    "slow.yaml", TYPE.formatted("SLOW", "200ms", "rerun"),
                    "once.yaml", TYPE.formatted("ONCE", "200ms", "ask"),
                    "never_twice.yaml", TYPE.formatted("NEVER_TWICE", "1h", "ask"),
                    "asked.yaml", TYPE.formatted("ASKED", "1h", "probe"),
                    "work.yaml", TYPE.formatted("WORK", "1h", "rerun")));
    private final ActiveRuns activeRuns = bench.activeRuns;
    private final Claiming claiming = new Claiming();
    private final Suspects suspects = new Suspects(bench.exits, bench.clock);
    private final ExecutorService lane = Executors.newCachedThreadPool();
    private Runner runner;

    @BeforeEach
    void open() {
        claiming.open(bench.me, Bench.ALWAYS);
    }

    @AfterEach
    void close() {
        claiming.stop();
        lane.shutdownNow();
        if (runner != null) {
            runner.stop();
        }
        bench.close();
    }

    /** Rule 6: a time-out only asks. */
    @Test
    void rule_6_a_handler_that_ignores_its_time_out_keeps_its_job_running_and_shows_up() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Dispatcher dispatcher = dispatcher((body, run) -> {
            awaitStubbornly(release);
            return Outcome.succeeded();
        });
        Job job = bench.accept(anOrder().code("SLOW").build());
        Future<?> lanes = lane.submit(() -> dispatcher.dispatch(List.of(bench.messageOf(job))));
        await().until(() -> bench.read(job.id()).state() == JobState.RUNNING);

        bench.clock.advance(Duration.ofSeconds(1));

        await().until(() -> activeRuns.overdue(bench.clock.instant()).contains(job.id()));
        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.RUNNING);
        release.countDown();
        lanes.get(10, TimeUnit.SECONDS);
        assertThat(bench.read(job.id()).state())
                .as("what it did after all counts")
                .isEqualTo(JobState.SUCCEEDED);
        assertThat(activeRuns.overdue(bench.clock.instant())).isEmpty();
    }

    private static void awaitStubbornly(CountDownLatch release) {
        boolean released = false;
        while (!released) {
            try {
                release.await();
                released = true;
            } catch (InterruptedException e) {
                assertThat(e)
                        .as("ignored on purpose: this handler is a bad one")
                        .isNotNull();
            }
        }
    }

    @Test
    void rule_6_a_handler_that_stops_at_its_time_out_is_tried_again() {
        Dispatcher dispatcher = dispatcher((body, run) -> {
            new CountDownLatch(1).await();
            return Outcome.succeeded();
        });
        Job job = bench.accept(anOrder().code("SLOW").build());

        dispatcher.dispatch(List.of(bench.messageOf(job)));

        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.WAITING);
        assertThat(bench.runsOf(job)).singleElement().satisfies(run -> {
            assertThat(run.outcome()).isEqualTo(RunOutcome.RETRY);
            assertThat(run.error().kind()).isEqualTo(ErrorKind.TIMEOUT);
            assertThat(run.counts()).isTrue();
        });
        assertThat(Thread.currentThread().isInterrupted())
                .as("the lane's thread is clean afterwards")
                .isFalse();
    }

    /** Rule 6: an interrupted call goes through {@code onCrash}. */
    @Test
    void rule_6_a_call_that_is_cut_off_and_may_not_be_repeated_ends_uncertain() {
        Dispatcher dispatcher = dispatcher((body, run) -> {
            new CountDownLatch(1).await();
            return Outcome.succeeded();
        });
        Job job = bench.accept(anOrder().code("ONCE").build());

        dispatcher.dispatch(List.of(bench.messageOf(job)));

        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.UNCERTAIN);
        assertThat(bench.read(job.id()).error().kind()).isEqualTo(ErrorKind.TIMEOUT);
    }

    @Test
    void rule_6_a_shutdown_asks_and_hands_over_without_using_up_an_attempt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Dispatcher dispatcher = dispatcher((body, run) -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return Outcome.succeeded();
        });
        Job job = bench.accept(anOrder().code("WORK").build());
        Future<?> lanes = lane.submit(() -> dispatcher.dispatch(List.of(bench.messageOf(job))));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        claiming.drain();
        activeRuns.askAllToStop(bench.clock.instant());

        assertThat(activeRuns.awaitNone(Duration.ofSeconds(10))).isTrue();
        lanes.get(10, TimeUnit.SECONDS);
        Job handed = bench.read(job.id());
        assertThat(handed.state()).isEqualTo(JobState.QUEUED);
        assertThat(handed.attempt()).isZero();
        assertThat(bench.runsOf(job)).singleElement().satisfies(run -> {
            assertThat(run.outcome()).isEqualTo(RunOutcome.INTERRUPTED);
            assertThat(run.counts()).isFalse();
        });
    }

    @Test
    void rule_6_a_cancelled_run_is_interrupted_and_ends_cancelled_when_its_handler_has_returned() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Dispatcher dispatcher = dispatcher((body, run) -> {
            awaitInterruption();
            assertThat(run.cancelled()).isTrue();
            asked.countDown();
            awaitStubbornly(release);
            throw new InterruptedException();
        });
        Job job = bench.accept(anOrder().code("WORK").build());
        Future<?> lanes = lane.submit(() -> dispatcher.dispatch(List.of(bench.messageOf(job))));
        await().until(() -> bench.read(job.id()).state() == JobState.RUNNING);

        bench.operations.cancel(job.id());

        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(bench.read(job.id()).state()).as("it was only asked").isEqualTo(JobState.RUNNING);
        bench.clock.advance(Duration.ofSeconds(6));
        assertThat(activeRuns.overdue(bench.clock.instant()))
                .as("it takes its time, and that shows")
                .containsExactly(job.id());
        release.countDown();
        lanes.get(10, TimeUnit.SECONDS);
        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.CANCELLED);
        assertThat(bench.runsOf(job)).singleElement().satisfies(run -> assertThat(run.outcome())
                .isEqualTo(RunOutcome.CANCELLED));
        assertThat(activeRuns.count()).isZero();
    }

    @Test
    void rule_6_what_a_cancelled_handler_returns_counts_only_when_it_is_success() throws Exception {
        assertThat(endOfCancelled("WORK", Outcome.succeeded())).isEqualTo(JobState.SUCCEEDED);
        assertThat(endOfCancelled("WORK", Outcome.retry("stopped"))).isEqualTo(JobState.CANCELLED);
        assertThat(endOfCancelled("WORK", Outcome.failed("stopped"))).isEqualTo(JobState.CANCELLED);
        assertThat(endOfCancelled("NEVER_TWICE", Outcome.failed("stopped")))
                .as("it knows what it did")
                .isEqualTo(JobState.CANCELLED);
    }

    /** Rule 6: an interrupted call goes through {@code onCrash}. */
    @Test
    void rule_6_a_cancelled_call_that_was_cut_off_is_in_doubt_when_it_may_not_be_repeated() throws Exception {
        assertThat(endOfCancelled("NEVER_TWICE", null)).isEqualTo(JobState.UNCERTAIN);
        assertThat(endOfCancelled("ASKED", null)).isEqualTo(JobState.QUEUED);
    }

    /** @param outcome what the handler returns when it is interrupted; null: it lets the interruption through */
    private JobState endOfCancelled(String code, Outcome outcome) throws Exception {
        Dispatcher dispatcher = dispatcher((body, run) -> {
            awaitInterruption();
            if (outcome == null) {
                throw new InterruptedException();
            }
            return outcome;
        });
        Job job = bench.accept(anOrder().code(code).build());
        Future<?> lanes = lane.submit(() -> dispatcher.dispatch(List.of(bench.messageOf(job))));
        await().until(() -> bench.read(job.id()).state() == JobState.RUNNING);
        bench.operations.cancel(job.id());
        lanes.get(10, TimeUnit.SECONDS);
        runner.stop();
        return bench.read(job.id()).state();
    }

    private static void awaitInterruption() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            assertThat(e).as("the only way out").isNotNull();
        }
    }

    @Test
    void a_job_in_doubt_that_may_not_be_repeated_is_for_somebody_to_decide_and_its_alarm_follows() {
        Dispatcher dispatcher = dispatcher((body, run) -> {
            throw new AssertionError("it is not run again");
        });
        Job job = bench.accept(anOrder().code("ONCE").build());
        bench.store
                .database()
                .inTransaction(tx -> tx.update("UPDATE job_state SET doubtful = TRUE WHERE job = ?", job.id()));

        dispatcher.dispatch(List.of(bench.messageOf(bench.read(job.id()))));

        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.UNCERTAIN);
    }

    @Test
    void a_job_whose_type_this_node_does_not_know_waits_in_doubt_as_before_and_ends_when_it_is_cancelled() {
        Dispatcher dispatcher = dispatcher((body, run) -> Outcome.succeeded());
        Job job = bench.accept(anOrder().code("NEWER").build());
        bench.store
                .database()
                .inTransaction(tx -> tx.update("UPDATE job_state SET doubtful = TRUE WHERE job = ?", job.id()));

        dispatcher.dispatch(List.of(bench.messageOf(bench.read(job.id()))));

        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.WAITING);
        assertThat(bench.read(job.id()).doubtful()).isTrue();

        Job other = bench.accept(anOrder().code("NEWER").build());
        bench.claim(other);
        bench.operations.cancel(other.id());
        bench.exits.giveBack(bench.read(other.id()));
        dispatcher.dispatch(List.of(bench.messageOf(bench.read(other.id()))));

        assertThat(bench.read(other.id()).state()).isEqualTo(JobState.CANCELLED);
        assertThat(bench.chainOf(other))
                .as("nobody knows what its type says, so somebody is told")
                .extracting(Job::code)
                .containsExactly("NEWER", "CREATE_ALARM");
    }

    @Test
    void a_cancelled_job_in_doubt_is_asked_about_but_never_run_again() {
        AtomicInteger runs = new AtomicInteger();
        Map<Probe, JobState> ends = Map.of(
                Probe.happened(Outcome.succeeded()), JobState.SUCCEEDED,
                Probe.notHappened(), JobState.CANCELLED,
                Probe.unknown(), JobState.UNCERTAIN);
        ends.forEach((answer, end) -> {
            Dispatcher dispatcher = dispatcher(new Handler<>() {
                @Override
                public Outcome handle(JsonNode body, RunContext run) {
                    runs.incrementAndGet();
                    return Outcome.succeeded();
                }

                @Override
                public Probe probe(JsonNode body, RunContext run) {
                    // The row says that it is to end, and the node looks at its rows every second.
                    activeRuns.askToCancel(run.jobId(), bench.read(run.jobId()).fence(), bench.clock.instant());
                    assertThat(Thread.currentThread().isInterrupted())
                            .as("the question is not cut off")
                            .isFalse();
                    return answer;
                }
            });
            Job job = bench.accept(anOrder().code("ASKED").build());
            bench.claim(job);
            bench.operations.cancel(job.id());
            bench.exits.interrupt(bench.read(job.id()), "node died");

            dispatcher.dispatch(List.of(bench.messageOf(bench.read(job.id()))));
            runner.stop();

            assertThat(bench.read(job.id()).state()).isEqualTo(end);
        });
        assertThat(runs).hasValue(0);
    }

    @Test
    void rule_7_of_two_suspects_the_newer_runs_and_the_other_waits_in_the_table_while_others_run() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Dispatcher dispatcher = dispatcher((body, run) -> {
            release.await();
            return Outcome.succeeded();
        });
        Job older = suspect();
        Job newer = suspect();
        Job fresh = bench.accept(anOrder().code("WORK").build());
        for (Job job : List.of(older, newer)) {
            dispatcher.dispatch(List.of(bench.messageOf(job)));
            assertThat(bench.read(job.id()).state()).as("first all are heard").isEqualTo(JobState.WAITING);
        }
        bench.letPass(Duration.ofSeconds(1));

        dispatcher.dispatch(List.of(bench.messageOf(bench.read(older.id()))));
        Future<?> first = lane.submit(() -> dispatcher.dispatch(List.of(bench.messageOf(bench.read(newer.id())))));
        await().until(() -> bench.read(newer.id()).state() == JobState.RUNNING);
        bench.letPass(Duration.ofSeconds(10));
        dispatcher.dispatch(List.of(bench.messageOf(bench.read(older.id()))));
        Future<?> other = lane.submit(() -> dispatcher.dispatch(List.of(bench.messageOf(fresh))));

        await().until(() -> bench.read(fresh.id()).state() == JobState.RUNNING);
        Job aside = bench.read(older.id());
        assertThat(aside.state()).isEqualTo(JobState.WAITING);
        assertThat(aside.attempt()).isZero();
        assertThat(aside.run()).as("no run was begun").isEqualTo(2);
        release.countDown();
        first.get(10, TimeUnit.SECONDS);
        other.get(10, TimeUnit.SECONDS);
        bench.letPass(Duration.ofSeconds(1));
        dispatcher.dispatch(List.of(bench.messageOf(bench.read(older.id()))));
        assertThat(List.of(older, newer)).allMatch(job -> bench.read(job.id()).state() == JobState.SUCCEEDED);
    }

    @Test
    void rule_7_a_suspect_runs_also_when_its_lane_brings_it_back_late() throws Exception {
        Dispatcher dispatcher = dispatcher((body, run) -> Outcome.succeeded());
        Job suspect = suspect();
        dispatcher.dispatch(List.of(bench.messageOf(suspect)));
        assertThat(bench.read(suspect.id()).state()).isEqualTo(JobState.WAITING);
        bench.letPass(Duration.ofMinutes(2));

        dispatcher.dispatch(List.of(bench.messageOf(bench.read(suspect.id()))));

        assertThat(bench.read(suspect.id()).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void rule_7_when_the_culprit_is_found_the_other_suspects_run_freely() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        Dispatcher dispatcher = dispatcher((body, run) -> {
            both.countDown();
            return both.await(10, TimeUnit.SECONDS) ? Outcome.succeeded() : Outcome.failed("alone");
        });
        suspects.culpritFound();
        List<Job> freed = List.of(suspect(), suspect());

        List<Future<?>> lanes = new ArrayList<>();
        freed.forEach(job -> lanes.add(lane.submit(() -> dispatcher.dispatch(List.of(bench.messageOf(job))))));
        for (Future<?> one : lanes) {
            one.get(20, TimeUnit.SECONDS);
        }

        assertThat(freed).allMatch(job -> bench.read(job.id()).state() == JobState.SUCCEEDED);
    }

    /** A QUEUED job that two deaths have interrupted. */
    private Job suspect() {
        Job job = bench.accept(anOrder().code("WORK").build());
        for (int death = 1; death <= 2; death++) {
            Incarnation dying = new Incarnation(Ids.next(), "node-1");
            bench.claim(bench.read(job.id()), dying);
            bench.store.database().inTransaction(tx -> JobDeaths.note(tx, dying.id()));
            bench.exits.interrupt(bench.read(job.id()), "node died");
        }
        assertThat(bench.read(job.id()).suspect()).isTrue();
        return bench.read(job.id());
    }

    @Test
    void a_message_that_is_delivered_twice_at_once_runs_once_and_is_redelivered_until_that_has_ended()
            throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        Dispatcher dispatcher = dispatcher((body, run) -> {
            calls.incrementAndGet();
            release.await();
            return Outcome.succeeded();
        });
        Job job = bench.accept(anOrder().code("WORK").build());
        Future<?> first = lane.submit(() -> dispatcher.dispatch(List.of(bench.messageOf(job))));
        await().until(() -> calls.get() == 1);

        assertThatThrownBy(() -> dispatcher.dispatch(List.of(bench.messageOf(job))))
                .as("the first may yet give up, and this would be the only message")
                .isInstanceOf(RedeliverException.class);
        release.countDown();
        first.get(10, TimeUnit.SECONDS);
        dispatcher.dispatch(List.of(bench.messageOf(job)));

        assertThat(calls).hasValue(1);
        assertThat(bench.runsOf(job)).hasSize(1);
    }

    @Test
    void an_exception_is_a_retry_and_a_handler_without_outcome_fails() {
        Dispatcher throwing = dispatcher((body, run) -> {
            throw new IllegalStateException("the shop is shut");
        });
        Job job = bench.accept(anOrder().code("WORK").build());
        throwing.dispatch(List.of(bench.messageOf(job)));
        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.WAITING);
        assertThat(bench.read(job.id()).error().message()).contains("the shop is shut");

        Dispatcher silent = dispatcher((body, run) -> null);
        Job other = bench.accept(anOrder().code("WORK").build());
        silent.dispatch(List.of(bench.messageOf(other)));
        assertThat(bench.read(other.id()).state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void an_exception_that_can_not_describe_itself_is_a_retry_too() {
        Dispatcher throwing = dispatcher((body, run) -> {
            throw new IllegalStateException() {
                @Override
                public String getMessage() {
                    throw new UnsupportedOperationException("no message");
                }
            };
        });
        Job job = bench.accept(anOrder().code("WORK").build());

        throwing.dispatch(List.of(bench.messageOf(job)));

        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.WAITING);
        assertThat(bench.read(job.id()).error().message()).contains("UnsupportedOperationException");
    }

    @Test
    void after_a_crash_a_probing_handler_is_asked_before_it_runs() {
        AtomicInteger runs = new AtomicInteger();
        Dispatcher dispatcher = dispatcher(new Handler<>() {
            @Override
            public Outcome handle(JsonNode body, RunContext run) {
                runs.incrementAndGet();
                return Outcome.succeeded();
            }

            @Override
            public Probe probe(JsonNode body, RunContext run) {
                return Probe.happened(Outcome.succeeded(Map.of("found", true)));
            }
        });
        Job job = bench.accept(anOrder().code("ASKED").build());
        bench.claim(job);
        bench.exits.interrupt(bench.read(job.id()), "node died");

        dispatcher.dispatch(List.of(bench.messageOf(bench.read(job.id()))));

        assertThat(runs).as("the VM is not started twice").hasValue(0);
        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(bench.read(job.id()).result()).contains("found");
    }

    @Test
    void a_runs_last_word_on_its_progress_is_stored_with_its_end() {
        Dispatcher dispatcher = dispatcher((body, run) -> {
            run.progress(50, "half-way");
            run.progress(100, "running");
            return Outcome.succeeded();
        });
        Job job = bench.accept(anOrder().code("WORK").build());

        dispatcher.dispatch(List.of(bench.messageOf(job)));

        assertThat(bench.read(job.id()).progressPercent()).isEqualTo(100);
        assertThat(bench.read(job.id()).progressMessage()).isEqualTo("running");
    }

    /** Rule 4: a node that may not claim keeps its messages waiting. */
    @Test
    void rule_4_while_claiming_is_suspended_a_message_waits_and_then_runs() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Dispatcher dispatcher = dispatcher((body, run) -> {
            calls.incrementAndGet();
            return Outcome.succeeded();
        });
        claiming.suspend();
        Job job = bench.accept(anOrder().code("WORK").build());
        Thread waiting = new Thread(() -> dispatcher.dispatch(List.of(bench.messageOf(job))));
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        assertThat(calls).hasValue(0);

        claiming.open(bench.me, Bench.ALWAYS);

        waiting.join(10_000);
        assertThat(calls).hasValue(1);
        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.SUCCEEDED);
    }

    private Dispatcher dispatcher(Handler<JsonNode> handler) {
        BoundHandler<?> bound = BoundHandler.of(handler, handler.getClass());
        Handlers handlers =
                Handlers.of(Map.of("SLOW", bound, "ONCE", bound, "NEVER_TWICE", bound, "ASKED", bound, "WORK", bound));
        runner = new Runner(
                handlers, bench.verdicts, claiming, bench.progress, CallSlots.UNLIMITED, bench.threads, bench.clock);
        return bench.dispatcher(claiming, suspects, runner);
    }
}
