package azukari.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import azukari.catalog.CatalogException;
import azukari.dispatch.ProgressNote;
import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.PermanentFailureException;
import azukari.handler.Probe;
import azukari.handler.RunContext;
import azukari.job.ErrorKind;
import azukari.job.JobError;
import azukari.job.JobState;
import azukari.job.RunOutcome;
import azukari.notify.Notice;
import azukari.platform.Json;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The reports of the test kit; the tests of {@code dispatch} show that the server behaves the same. */
class HandlerKitTest {
    private static final String TYPE = """
            code: %s
            title: A test's work
            description: A test's event type.
            owner: tests
            body: {type: object, properties: {n: {type: integer}}, additionalProperties: false}
            examples: [{}]
            handler: {bean: work}
            retry: {maxAttempts: 3, backoff: 10s, jitter: 0}
            timeout: %s
            onCrash: %s
            emits: [NEXT]
            onSucceeded: [CREATE_ALARM]
            onFailed: [CREATE_ALARM]
            """;
    private static final String NEXT = """
            code: NEXT
            title: What follows
            description: A test's event type.
            owner: tests
            body: {type: object, required: [n], properties: {n: {type: integer}}}
            examples: [{n: 1}]
            handler: {http: {url: "http://127.0.0.1:1/"}}
            """;
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    @TempDir
    private static Path folder;

    private static HandlerKit kit;

    record Order(Integer n) {}

    /** A handler whose class determines the body's type. */
    @Named("work")
    private static class Work implements Handler<Order> {
        @Override
        public Outcome handle(Order order, RunContext run) throws Exception {
            run.progress(50, "n is " + order.n());
            return Outcome.succeeded(Map.of("twice", 2 * order.n()))
                    .emit("NEXT", new Order(order.n() + 1))
                    .tell(new Notice(run.jobId(), "WORK", null, run.submitter(), "SUCCEEDED", null, null));
        }
    }

    @BeforeAll
    static void load() throws IOException {
        Files.writeString(folder.resolve("work.yaml"), TYPE.formatted("WORK", "100ms", "rerun"));
        Files.writeString(folder.resolve("once.yaml"), TYPE.formatted("ONCE", "1m", "ask"));
        Files.writeString(folder.resolve("probed.yaml"), TYPE.formatted("PROBED", "1m", "probe"));
        Files.writeString(folder.resolve("next.yaml"), NEXT);
        kit = HandlerKit.eventType("WORK", folder);
    }

    private static RunReport run(Handler<JsonNode> handler) {
        return kit.run(handler, "{}");
    }

    private static JobError failure(String message) {
        return new JobError(ErrorKind.HANDLER, message);
    }

    @Test
    void a_success_reports_result_emits_notices_progress_and_follow_ups() {
        RunReport report = kit.event("{\"n\": 21}").submitter("anna").handledBy(new Work());

        assertThat(report.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(report.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(report.handled()).isTrue();
        assertThat(report.result()).isEqualTo(Json.read("{\"twice\":42}"));
        assertThat(report.error()).isNull();
        assertThat(report.dueAt()).isNull();
        assertThat(report.emits()).containsExactly(new Emitted("NEXT", Json.read("{\"n\":22}")));
        assertThat(report.followUps()).singleElement().satisfies(alarm -> {
            assertThat(alarm.code()).isEqualTo("CREATE_ALARM");
            assertThat(alarm.body().path("outcome").asString()).isEqualTo("SUCCEEDED");
            assertThat(alarm.body().path("result")).isEqualTo(report.result());
            assertThat(alarm.body().path("submitter").asString()).isEqualTo("anna");
        });
        assertThat(report.notices())
                .singleElement()
                .extracting(Notice::submitter)
                .isEqualTo("anna");
        assertThat(report.progress()).containsExactly(new ProgressNote(50, "n is 21"));
        assertThat(report.toString()).contains("SUCCEEDED", "twice", "NEXT", "n is 21");
    }

    @Test
    void an_exception_is_retried_after_the_back_off_of_the_document() {
        RunReport report = kit.event("{}").at(NOON).attempt(2).handledBy((body, run) -> {
            throw new IOException("the line is dead");
        });

        assertThat(report.state()).isEqualTo(JobState.WAITING);
        assertThat(report.outcome()).isEqualTo(RunOutcome.RETRY);
        assertThat(report.error()).isEqualTo(failure("IOException: the line is dead"));
        assertThat(report.dueAt()).isEqualTo(NOON.plusSeconds(20));
        assertThat(report.emits()).isEmpty();
        assertThat(report.followUps()).isEmpty();
    }

    @Test
    void the_last_attempt_fails() {
        RunReport report = kit.event("{}").attempt(3).handledBy((body, run) -> Outcome.retry("not yet"));

        assertThat(report.state()).isEqualTo(JobState.FAILED);
        assertThat(report.error()).isEqualTo(failure("not yet"));
        assertThat(report.followUps()).extracting(Emitted::code).containsExactly("CREATE_ALARM");
    }

    @Test
    void retry_delays_and_snoozes_set_the_due_time() {
        Duration minute = Duration.ofMinutes(1);
        RunReport retry = kit.event("{}").at(NOON).handledBy((body, run) -> Outcome.retry("busy", minute));
        RunReport snooze =
                kit.event("{}").attempt(3).handledBy((body, run) -> Outcome.snooze(NOON.minusSeconds(1), "closed"));

        assertThat(retry.dueAt()).isEqualTo(NOON.plus(minute));
        assertThat(snooze.state()).isEqualTo(JobState.WAITING);
        assertThat(snooze.outcome()).isEqualTo(RunOutcome.SNOOZED);
    }

    @Test
    void permanent_failures_fail_the_job() {
        assertFailed(
                run((body, run) -> {
                    throw new PermanentFailureException("no such machine");
                }),
                failure("PermanentFailureException: no such machine"));
        assertFailed(run((body, run) -> Outcome.failed("broken")), failure("broken"));
        assertFailed(
                run((body, run) -> Outcome.rejected("they said no")), new JobError(ErrorKind.REJECTED, "they said no"));
        assertFailed(run((body, run) -> null), failure("the handler returned no outcome"));
    }

    private static void assertFailed(RunReport report, JobError error) {
        assertThat(report.state()).isEqualTo(JobState.FAILED);
        assertThat(report.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(report.error()).isEqualTo(error);
    }

    /** A result that Jackson cannot write. */
    record Unwritable(String value) {
        @Override
        public String value() {
            throw new IllegalStateException("not to be read");
        }
    }

    @Test
    void an_invalid_success_fails_the_job_with_the_reason() {
        assertThat(run((body, run) -> Outcome.succeeded().emit("NOOP", Map.of())))
                .satisfies(report -> {
                    assertThat(report.state()).isEqualTo(JobState.FAILED);
                    assertThat(report.emits()).isEmpty();
                    assertThat(report.error())
                            .isEqualTo(failure("the handler emitted NOOP, which WORK does not declare under 'emits'"));
                });
        assertThat(run((body, run) -> Outcome.succeeded().emit("NEXT", Map.of("n", "one")))
                        .error()
                        .message())
                .startsWith("the handler emitted NEXT with a body that does not match its schema: /n ");
        assertThat(run((body, run) -> Outcome.succeeded(new Unwritable("x")))
                        .error()
                        .message())
                .startsWith("the result cannot be written as JSON");
        assertThat(run((body, run) -> {
                            run.progress(101, null);
                            return Outcome.succeeded();
                        })
                        .state())
                .isEqualTo(JobState.WAITING);
    }

    @Test
    void a_body_that_the_server_would_refuse_is_the_tests_mistake() {
        InvalidBodyException invalid =
                catchThrowableOfType(InvalidBodyException.class, () -> kit.event("{\"n\": \"x\", \"m\": 1}"));

        assertThat(invalid)
                .hasMessageStartingWith("the body does not match the schema of event type WORK:\n  ")
                .hasMessageContaining("/n ")
                .hasMessageContaining("/m ");
        assertThat(invalid.violations()).hasSize(2);
        assertThatThrownBy(() -> kit.event("{'n': 1}"))
                .isInstanceOf(InvalidBodyException.class)
                .hasMessageStartingWith("the body is not JSON: ");
    }

    /** As in the server, where schema and Java type may differ. */
    @Test
    void a_body_that_matches_the_schema_but_not_the_java_type_fails_the_job() {
        assertThat(kit.run(new Work(), "{\"n\": 99999999999}").error().message())
                .contains("the body matches the schema but not the handler's Java type");
    }

    @Test
    void the_run_context_reflects_what_the_test_configured() {
        UUID job = UUID.randomUUID();
        UUID parent = UUID.randomUUID();
        UUID root = UUID.randomUUID();
        AtomicReference<RunContext> seen = new AtomicReference<>();

        kit.event("{}")
                .jobId(job)
                .emittedBy(parent, root)
                .submitter("anna")
                .requestId("r-1")
                .attempt(2)
                .runNumber(5)
                .at(NOON)
                .handledBy((body, run) -> {
                    seen.set(run);
                    return Outcome.succeeded();
                });

        RunContext run = seen.get();
        assertThat(run.jobId()).isEqualTo(job);
        assertThat(run.parent()).isEqualTo(parent);
        assertThat(run.root()).isEqualTo(root);
        assertThat(run.submitter()).isEqualTo("anna");
        assertThat(run.requestId()).isEqualTo("r-1");
        assertThat(run.run()).isEqualTo(5);
        assertThat(run.attempt()).isEqualTo(2);
        assertThat(run.maxAttempts()).isEqualTo(3);
        assertThat(run.deadline()).isEqualTo(NOON.plusMillis(100));
        assertThat(run.cancelled()).isFalse();
    }

    @Test
    void the_default_is_a_posted_event() {
        AtomicReference<RunContext> seen = new AtomicReference<>();

        run((body, run) -> {
            seen.set(run);
            return Outcome.succeeded();
        });

        RunContext run = seen.get();
        assertThat(run.root()).isEqualTo(run.jobId());
        assertThat(run.parent()).isNull();
        assertThat(run.submitter()).isEqualTo("anonymous");
        assertThat(run.requestId()).isNull();
        assertThat(run.run()).isEqualTo(1);
        assertThat(run.attempt()).isEqualTo(1);
    }

    private static Outcome hang(JsonNode body, RunContext run) throws InterruptedException {
        new CountDownLatch(1).await();
        return Outcome.succeeded();
    }

    @Test
    void the_timeout_of_the_document_applies() {
        RunReport report = run(HandlerKitTest::hang);

        assertThat(report.state()).isEqualTo(JobState.WAITING);
        assertThat(report.error().kind()).isEqualTo(ErrorKind.TIMEOUT);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "WORK, timeout, WAITING, TIMEOUT", "WORK, cancel, CANCELLED, ", "WORK, stop, QUEUED, INTERRUPTED",
        "ONCE, timeout, UNCERTAIN, TIMEOUT", "ONCE, cancel, UNCERTAIN, INTERRUPTED",
                "ONCE, stop, UNCERTAIN, INTERRUPTED"
    })
    void a_run_asked_to_stop_ends_according_to_on_crash(String code, String why, JobState state, ErrorKind kind) {
        for (Duration after : new Duration[] {Duration.ZERO, Duration.ofMillis(20)}) {
            EventRun event = HandlerKit.eventType(code, folder).event("{}");
            switch (why) {
                case "timeout" -> event.timeOutAfter(after);
                case "cancel" -> event.cancelAfter(after);
                default -> event.shutDownAfter(after);
            }

            RunReport report = event.handledBy(HandlerKitTest::hang);

            assertThat(report.state()).isEqualTo(state);
            assertThat(report.error() == null ? null : report.error().kind()).isEqualTo(kind);
        }
    }

    @Test
    void a_cancelled_handler_that_has_done_its_work_succeeds() {
        RunReport report = kit.event("{}").cancelAfter(Duration.ZERO).handledBy((body, run) -> {
            assertThat(run.cancelled()).isTrue();
            return Outcome.succeeded("done");
        });

        assertThat(report.state()).isEqualTo(JobState.SUCCEEDED);
    }

    /** Its effect happened if n is even. */
    private static class Probed extends Work {
        @Override
        public Probe probe(Order order, RunContext run) {
            if (order.n() == 0) {
                return Probe.unknown();
            }
            return order.n() % 2 == 0 ? Probe.happened(Outcome.succeeded("before")) : Probe.notHappened();
        }
    }

    @Test
    void a_probe_is_asked_first() {
        HandlerKit probed = HandlerKit.eventType("PROBED", folder);

        RunReport happened = probed.event("{\"n\": 2}").runNumber(2).probedBy(new Probed());
        RunReport not = probed.event("{\"n\": 1}").runNumber(2).probedBy(new Probed());
        RunReport unknown = probed.event("{\"n\": 0}").runNumber(2).probedBy(new Probed());

        assertThat(happened.result()).isEqualTo(Json.read("\"before\""));
        assertThat(happened.handled()).isFalse();
        assertThat(not.result()).isEqualTo(Json.read("{\"twice\":2}"));
        assertThat(not.handled()).isTrue();
        assertThat(unknown.state()).isEqualTo(JobState.UNCERTAIN);
        assertThat(unknown.handled()).isFalse();
        assertThatThrownBy(() -> kit.event("{}").probedBy(new Probed()))
                .hasMessage("WORK does not specify 'onCrash: probe', so its handler is never probed");
    }

    /** Not the handler named in the document. */
    @Named("labour")
    private static final class Misnamed extends Work {}

    @Test
    void whatever_the_server_refuses_at_startup_is_refused() throws IOException {
        assertThatThrownBy(() -> kit.run(new Misnamed(), "{}"))
                .hasMessage("work.yaml names the handler 'work', but " + Misnamed.class.getName()
                        + " is @Named(\"labour\")");
        assertThatThrownBy(() -> HandlerKit.eventType("NEXT", folder).run(new Work(), "{\"n\":1}"))
                .hasMessage("NEXT is handled by an HTTP target, not by a Java handler");
        assertThatThrownBy(() -> HandlerKit.eventType("NONE", folder))
                .hasMessageStartingWith("event type NONE does not exist; the event types are CREATE_ALARM, NEXT, ");
        assertThatThrownBy(() -> HandlerKit.eventType("WORK", folder.resolve("none")))
                .hasMessageEndingWith(" does not exist");
        Path broken = Files.createDirectory(folder.resolve("broken"));
        Files.writeString(broken.resolve("work.yaml"), "code: WORK");
        assertThatThrownBy(() -> HandlerKit.eventType("WORK", broken)).isInstanceOf(CatalogException.class);
    }

    @Test
    void attempts_are_limited_by_the_document() {
        assertThatThrownBy(() -> kit.event("{}").attempt(4))
                .hasMessage("attempt 4 is out of range: WORK has attempts 1 to 3");
        assertThatThrownBy(() -> kit.event("{}").attempt(2).runNumber(1))
                .hasMessage("attempt 2 cannot be run 1: the run number is at least 2");
    }
}
