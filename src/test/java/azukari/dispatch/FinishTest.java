package azukari.dispatch;

import static azukari.job.Orders.anOrder;
import static azukari.testing.JobAssert.assertThatJob;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.InstanceOfAssertFactories.INSTANT;

import azukari.database.Tx;
import azukari.handler.Outcome;
import azukari.job.ErrorKind;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.RunOutcome;
import azukari.job.RunRef;
import azukari.job.Waiting;
import azukari.limit.Need;
import azukari.platform.Json;
import azukari.platform.SystemClock;
import azukari.testing.Store;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows from the end of a run, and that it follows exactly once, on each database. */
@ParameterizedClass
@EnumSource(Store.class)
class FinishTest {
    private static final String EMITTING = """
            code: EMITTING
            title: Emits
            description: A test's event type.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {bean: noop}
            retry: {maxAttempts: 3, backoff: 10s, jitter: 0}
            emits: [NOOP, START_EC2]
            onSucceeded: [CREATE_ALARM]
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
                        "emitting.yaml",
                        EMITTING,
                        "once.yaml",
                        EMITTING.replace("EMITTING", "ONCE") + "onCrash: ask\n",
                        "limited.yaml",
                        EMITTING.replace("EMITTING", "LIMITED") + "channel: north\n",
                        "channels.yaml",
                        "channels: [{name: north}]\n"));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** Rule 1: a finish that comes too late leaves nothing behind, neither outcome nor chain. */
    @Test
    void rule_1_a_late_finish_changes_nothing_and_emits_nothing() {
        Job job = accepted();
        RunRef first = bench.claim(job);
        bench.exits.interrupt(bench.read(job.id()), "taken for dead");
        RunRef second = bench.claim(bench.read(job.id()));

        boolean late = finish(job, first, Outcome.succeeded().emit("NOOP", Map.of()));

        assertThat(late).isFalse();
        assertThat(bench.chainOf(job)).hasSize(1);
        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.RUNNING);
        assertThat(second.number()).isEqualTo(2);
        assertThat(second.attempt()).isEqualTo(1);
    }

    /** Rule 19: what is emitted, is emitted in the finishing transaction, in order, once. */
    @Test
    void rule_19_emitted_and_listed_jobs_follow_once_with_parent_and_root() {
        Job job = accepted();
        RunRef run = bench.claim(job);

        assertThat(finish(job, run, Outcome.succeeded(Map.of("a", 1)).emit("NOOP", Map.of("x", 1))))
                .isTrue();
        assertThat(finish(job, run, Outcome.succeeded(Map.of("a", 1)).emit("NOOP", Map.of("x", 1))))
                .isFalse();

        assertThat(bench.chainOf(job)).extracting(Job::code).containsExactly("EMITTING", "NOOP", "CREATE_ALARM");
        assertThat(bench.chainOf(job).subList(1, 3)).allSatisfy(child -> {
            assertThat(child.parent()).isEqualTo(job.id());
            assertThat(child.root()).isEqualTo(job.id());
            assertThat(child.submitter()).isEqualTo("tester");
            assertThat(child.state()).isEqualTo(JobState.QUEUED);
            assertThat(bench.outboxOf(child)).containsExactly(1L);
        });
        assertThat(bench.bodyOf(bench.chainOf(job).get(2)))
                .contains(
                        "\"outcome\":\"SUCCEEDED\"",
                        "\"result\":{\"a\":1}",
                        job.id().toString());
    }

    /** Rule 24: nothing that a handler leaves makes a document or a message unreadable that contains it. */
    @ParameterizedTest
    @MethodSource
    void rule_24_a_result_that_could_not_be_read_again_is_left_out(Object result) {
        Job job = accepted();

        finish(job, bench.claim(job), Outcome.succeeded(result));

        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(bench.read(job.id()).result()).startsWith("{\"omitted\":\"the result could not be read again: ");
        assertThat(bench.chainOf(job)).extracting(Job::code).containsExactly("EMITTING", "CREATE_ALARM");
        assertThatNoException()
                .isThrownBy(() -> Json.parse(bench.bodyOf(bench.chainOf(job).get(1))));
    }

    static List<Object> rule_24_a_result_that_could_not_be_read_again_is_left_out() {
        return unreadable();
    }

    @ParameterizedTest
    @MethodSource
    void rule_24_an_emitted_body_that_could_not_be_read_again_fails_the_job_for_good(Object body) {
        Job job = accepted();

        finish(job, bench.claim(job), Outcome.succeeded().emit("NOOP", body));

        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.FAILED);
        assertThat(bench.read(job.id()).error().message()).contains("NOOP", "could not be read again");
        assertThat(bench.chainOf(job)).extracting(Job::code).doesNotContain("NOOP");
    }

    static List<Object> rule_24_an_emitted_body_that_could_not_be_read_again_fails_the_job_for_good() {
        return unreadable();
    }

    /** More digits than a reader takes, a longer name, more levels, half a character. */
    private static List<Object> unreadable() {
        Object deep = 1;
        for (int level = 0; level < 401; level++) {
            deep = List.of(deep);
        }
        return List.of(
                Map.of("n", new BigInteger("9".repeat(1001))),
                Map.of("x".repeat(60_000), 1),
                Map.of("deep", deep),
                Map.of("text", "\ud83d"));
    }

    @Test
    void emitting_what_is_not_declared_fails_the_job_for_good() {
        Job job = accepted();

        finish(job, bench.claim(job), Outcome.succeeded().emit("CREATE_ALARM", Map.of()));

        Job ended = bench.read(job.id());
        assertThat(ended.state()).isEqualTo(JobState.FAILED);
        assertThat(ended.error().kind()).isEqualTo(ErrorKind.HANDLER);
        assertThat(ended.error().message()).contains("CREATE_ALARM", "does not declare");
        assertThat(bench.chainOf(job)).extracting(Job::code).containsExactly("EMITTING", "CREATE_ALARM");
    }

    @Test
    void emitting_a_body_that_breaks_its_schema_fails_the_job_for_good() {
        Job job = accepted();

        finish(job, bench.claim(job), Outcome.succeeded().emit("START_EC2", Map.of("seconds", -1)));

        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.FAILED);
        assertThat(bench.read(job.id()).error().message()).contains("START_EC2", "schema");
    }

    @Test
    void retries_wait_their_back_off_in_the_table_and_end_in_failure() {
        Job job = accepted();
        for (int attempt = 1; attempt <= 3; attempt++) {
            Job queued = bench.read(job.id());
            assertThat(queued.state()).isEqualTo(JobState.QUEUED);
            RunRef run = bench.claim(queued);
            assertThat(run.attempt()).isEqualTo(attempt);
            finish(queued, run, Outcome.retry("not yet"));
            if (attempt < 3) {
                Duration wait = Duration.ofSeconds(10L * attempt);
                assertThat(bench.read(job.id()).dueAt())
                        .isEqualTo(bench.clock.instant().plus(wait));
                bench.clock.advance(wait.minusMillis(1));
                bench.dueJobs.pass();
                assertThat(bench.read(job.id()).state()).isEqualTo(JobState.WAITING);
                bench.clock.advance(Duration.ofMillis(1));
                bench.dueJobs.pass();
            }
        }

        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.FAILED);
        assertThat(bench.runsOf(job))
                .extracting(run -> run.outcome())
                .containsExactly(RunOutcome.RETRY, RunOutcome.RETRY, RunOutcome.FAILED);
    }

    @Test
    void a_snooze_and_an_interruption_use_up_no_attempt() {
        Job job = accepted();
        finish(job, bench.claim(job), Outcome.snooze(bench.clock.instant().plusSeconds(15), "closed until later"));
        bench.clock.advance(Duration.ofSeconds(15));
        bench.dueJobs.pass();
        bench.claim(bench.read(job.id()));
        bench.exits.interrupt(bench.read(job.id()), "node died");

        RunRef third = bench.claim(bench.read(job.id()));

        assertThat(third.number()).isEqualTo(3);
        assertThat(third.attempt()).isEqualTo(1);
        assertThat(bench.runsOf(job)).noneMatch(run -> run.counts());
    }

    /** Else a time that is past would make a hot loop, and one before 1970 a job that waits for ever. */
    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "1900-01-01T00:00:00Z",
                "1969-12-31T23:59:59Z",
                "2020-01-01T00:00:00Z",
                "-1000000000-01-01T00:00:00Z"
            })
    void a_snooze_or_a_throttling_into_the_past_lasts_the_back_off(Instant until) {
        for (Outcome outcome : List.of(Outcome.snooze(until, "later"), Outcome.throttled(until, "too often"))) {
            Job job = accepted();

            finish(job, bench.claim(job), outcome);

            assertThat(bench.read(job.id()).dueAt())
                    .isEqualTo(bench.clock.instant().plus(Duration.ofSeconds(10)));
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"1900-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "-1000000000-01-01T00:00:00Z"})
    void a_channel_that_is_throttled_into_the_past_is_closed_for_the_back_off(Instant until) {
        Job job = bench.accept(
                anOrder().code("LIMITED").needs(Need.channel("north")).build());
        bench.admitAll();

        finish(job, bench.claim(bench.read(job.id())), Outcome.throttled(until, "too often"));
        bench.admitAll();

        assertThatJob(bench.read(job.id())).isWaitingFor(Waiting.CHANNEL);
        List<Instant> closedUntil = bench.database.inTransaction(
                tx -> tx.query("SELECT closed_until FROM capacity", row -> Tx.instant(row, "closed_until")));
        assertThat(closedUntil)
                .singleElement(as(INSTANT))
                .isBetween(
                        bench.clock.instant().plusSeconds(10),
                        SystemClock.utc().instant().plusSeconds(10));
    }

    /** Accepted before its event type had a channel: nothing is closed that could keep it from being called at once. */
    @ParameterizedTest
    @MethodSource
    void a_throttled_job_without_a_channel_of_its_own_waits_the_back_off_itself(List<Need> needs) {
        Job job = bench.accept(
                anOrder().code("LIMITED").needs(needs.toArray(Need[]::new)).build());
        bench.admitAll();
        Instant now = bench.clock.instant();

        finish(job, bench.claim(bench.read(job.id())), Outcome.throttled(now, "too often"));
        bench.admitAll();

        assertThatJob(bench.read(job.id())).isWaitingFor(Waiting.TIME);
        assertThat(bench.read(job.id()).dueAt()).isEqualTo(now.plusSeconds(10));
        bench.letPass(Duration.ofSeconds(10));
        assertThatJob(bench.read(job.id())).isQueued();
        assertThat(bench.runsOf(job)).noneMatch(run -> run.counts());
    }

    static List<List<Need>> a_throttled_job_without_a_channel_of_its_own_waits_the_back_off_itself() {
        return List.of(List.of(), List.of(Need.lock("LIMITED", "k")), List.of(Need.batch(new UUID(0, 1))));
    }

    @Test
    void a_snooze_lasts_no_longer_than_the_job_lives() {
        Job job = accepted();

        finish(job, bench.claim(job), Outcome.snooze(Instant.MAX, "later"));

        assertThat(bench.read(job.id()).dueAt()).isEqualTo(job.expiresAt());
    }

    @Test
    void a_delay_before_a_retry_is_neither_negative_nor_longer_than_the_job_lives() {
        Job soon = accepted();
        finish(soon, bench.claim(soon), Outcome.retry("again", Duration.ofDays(-30_000)));
        assertThat(bench.read(soon.id()).dueAt()).isEqualTo(bench.clock.instant());

        Job late = accepted();
        finish(late, bench.claim(late), Outcome.retry("again", Duration.ofSeconds(Long.MAX_VALUE)));
        assertThat(bench.read(late.id()).dueAt()).isEqualTo(late.expiresAt());
    }

    @Test
    void what_a_handler_can_not_tell_goes_through_on_crash_and_uses_up_an_attempt() {
        Job job = accepted();
        finish(job, bench.claim(job), Outcome.unknown("no answer"));
        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.WAITING);
        assertThat(bench.read(job.id()).attempt()).isEqualTo(1);

        Job once = bench.accept(anOrder().code("ONCE").build());
        finish(once, bench.claim(once), Outcome.unknown("no answer"));
        assertThat(bench.read(once.id()).state()).isEqualTo(JobState.UNCERTAIN);
        assertThat(bench.read(once.id()).error().message()).isEqualTo("no answer");
    }

    @Test
    void a_ledger_keeps_the_latest_thousand_runs() {
        Job job = accepted();
        bench.store
                .database()
                .inTransaction(tx -> tx.update(
                        "UPDATE job_state SET run = 1004, attempt = 0, fence = 3000 WHERE job = ?", job.id()));
        for (int number = 1; number <= 1004; number++) {
            int run = number;
            bench.store
                    .database()
                    .inTransaction(tx -> tx.update(
                            "INSERT INTO run (job, number, attempt, counts, node, started_at, ended_at, outcome)"
                                    + " VALUES (?, ?, 1, FALSE, 'node-1', ?, ?, 'SNOOZED')",
                            job.id(),
                            run,
                            bench.clock.instant(),
                            bench.clock.instant()));
        }
        Job queued = bench.read(job.id());

        finish(queued, bench.claim(queued), Outcome.snooze(null, "later"));

        List<Integer> numbers = bench.store
                .database()
                .inTransaction(tx -> tx.query(
                        "SELECT number FROM run WHERE job = ? ORDER BY number", row -> row.getInt(1), job.id()));
        assertThat(numbers).hasSize(1000).startsWith(6).endsWith(1005);
    }

    @Test
    void an_expired_job_fails_and_its_alarm_follows() {
        Job job = bench.accept(anOrder()
                .code("EMITTING")
                .notBefore(bench.clock.instant().plusSeconds(10))
                .expireAfter(Duration.ofSeconds(1))
                .build());
        bench.clock.advance(Duration.ofSeconds(12));

        bench.dueJobs.pass();

        assertThat(bench.read(job.id()).error().kind()).isEqualTo(ErrorKind.EXPIRED);
        assertThat(bench.chainOf(job)).extracting(Job::code).containsExactly("EMITTING", "CREATE_ALARM");
    }

    /** Rule 3 and design, 4: a claim whose commit's answer was lost goes on; a duplicate of somebody else's does not. */
    @Test
    void a_claim_that_was_committed_before_is_mine_already() {
        Job job = accepted();

        assertThat(bench.claims(job.id(), 1)).isTrue();
        assertThat(bench.claims(job.id(), 1)).as("the same message again").isTrue();
        assertThat(bench.claims(job.id(), 3)).isFalse();
        assertThat(bench.read(job.id()).run()).as("claimed once").isEqualTo(1);
    }

    private Job accepted() {
        return bench.accept(anOrder().code("EMITTING").build());
    }

    private boolean finish(Job job, RunRef run, Outcome outcome) {
        return bench.leave(job, run, bench.verdicts.of(bench.workOf(job), outcome));
    }
}
