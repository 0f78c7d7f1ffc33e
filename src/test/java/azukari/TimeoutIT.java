package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Answer;
import azukari.testing.ApiClient;
import azukari.testing.HttpTarget;
import azukari.testing.ServerProcess;
import azukari.testing.TestCatalog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** A run that times out is interrupted, and {@code onCrash} of its event type decides what happens next. */
@Execution(ExecutionMode.CONCURRENT)
class TimeoutIT {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TOO_LONG = Duration.ofSeconds(3);

    private static HttpTarget target;
    private static ServerProcess server;
    private static ApiClient api;

    @BeforeAll
    static void start() {
        target = HttpTarget.start()
                .answer("/slow", call -> Answer.ok().after(TOO_LONG))
                .answer("/slow-once", call -> Answer.ok().after(call.attempt() == 1 ? TOO_LONG : Duration.ZERO));
        String twice = "timeout: 1s\nretry: {maxAttempts: 2, backoff: 200ms}\n";
        server = ServerProcess.named("timeout")
                .catalog(TestCatalog.named("timeout-catalog")
                        .outside("SLOW", target.uri("/slow"), twice)
                        .outside("SLOW_ONCE", target.uri("/slow-once"), twice)
                        .outside("SLOW_AND_NOT_REPEATABLE", target.uri("/slow"), twice + "onCrash: ask")
                        .folder())
                .build();
        api = new ApiClient(server.uri());
        server.start().awaitReady(START);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        target.close();
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void a_run_that_times_out_is_retried() {
        JsonNode job = ended("SLOW_ONCE");
        assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(runs(job)).containsExactly("1 RETRY TIMEOUT", "2 SUCCEEDED ");
        assertThat(outcomesTold(job)).containsExactly("SUCCEEDED");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void a_job_whose_runs_all_time_out_fails_with_timeout() {
        JsonNode job = ended("SLOW");
        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(job.path("error").path("kind").asString()).isEqualTo("TIMEOUT");
        assertThat(runs(job)).containsExactly("1 RETRY TIMEOUT", "2 FAILED TIMEOUT");
        assertThat(outcomesTold(job)).containsExactly("FAILED");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void a_timed_out_run_that_must_not_be_repeated_leaves_its_job_uncertain_and_notifies() {
        JsonNode job = ended("SLOW_AND_NOT_REPEATABLE");
        assertThat(job.path("state").asString()).isEqualTo("UNCERTAIN");
        assertThat(job.path("error").path("kind").asString()).isEqualTo("TIMEOUT");
        assertThat(runs(job)).containsExactly("1 UNCERTAIN TIMEOUT");
        assertThat(outcomesTold(job)).containsExactly("UNCERTAIN");
    }

    /** Posts one and waits until it has ended and its end was told. */
    private static JsonNode ended(String code) {
        String id = api.post(Map.of("code", code, "body", Map.of()))
                .body()
                .path("id")
                .asString();
        await(code + " to end and to be told").atMost(PATIENCE).until(() -> !outcomesTold(api.job(id))
                .isEmpty());
        return api.job(id);
    }

    private static List<String> runs(JsonNode job) {
        return api.runs(job.path("id").asString()).stream()
                .map(run ->
                        run.path("number").asInt() + " " + run.path("outcome").asString() + " "
                                + run.path("error").path("kind").asString(""))
                .toList();
    }

    private static List<String> outcomesTold(JsonNode job) {
        return api.notifications().stream()
                .filter(told ->
                        told.path("job").asString().equals(job.path("id").asString()))
                .map(told -> told.path("outcome").asString())
                .toList();
    }
}
