package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Requests to an HTTP target, and the effect of each kind of response on the job. */
class HttpTargetIT {
    private final Contract contract = Contract.shared();
    private final String key = Contract.unique();

    private JsonNode ended(JsonNode job) {
        return contract.awaitEnd(job.path("id").asString());
    }

    private List<JsonNode> runs(JsonNode job) {
        return contract.api.runs(job.path("id").asString());
    }

    @Test
    void the_target_receives_the_body_and_the_headers() {
        JsonNode job = ended(contract.call("CALL", key, () -> Answer.status(500), Answer::ok));
        assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED");
        List<OutsideWorld.Seen> calls = contract.world.calls(key);
        assertThat(calls).hasSize(2);
        for (int run = 1; run <= 2; run++) {
            OutsideWorld.Seen call = calls.get(run - 1);
            assertThat(call.method()).isEqualTo("POST");
            assertThat(call.path()).isEqualTo("/call");
            assertThat(Contract.json(call.body())).isEqualTo(Contract.json("{\"key\":\"" + key + "\"}"));
            assertThat(call.header("Content-Type")).startsWith("application/json");
            assertThat(call.header("Idempotency-Key")).isEqualTo(job.path("id").asString());
            assertThat(call.header("X-Azukari-Run")).isEqualTo(Integer.toString(run));
            assertThat(call.header("X-Azukari-Attempt")).isEqualTo(Integer.toString(run));
            assertThat(call.header("X-Shop")).isEqualTo("s1");
        }
    }

    @Test
    void the_method_of_the_document_is_used() {
        assertThat(ended(contract.call("CALL_PUT", key)).path("state").asString())
                .isEqualTo("SUCCEEDED");
        assertThat(contract.world.calls(key).get(0).method()).isEqualTo("PUT");
        assertThat(contract.world.calls(key).get(0).path()).isEqualTo("/put");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void any_2xx_ends_the_job_and_notifies(int status) {
        JsonNode job = ended(contract.call("CALL", key, () -> Answer.status(status)));
        assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(job.path("result").isNull()).isTrue();
        assertThat(contract.awaitNotification(key, job.path("id").asString())
                        .path("outcome")
                        .asString())
                .isEqualTo("SUCCEEDED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"number\":12.50,\"list\":[1,null]}", "[1]", "\"text\"", "7"})
    void a_json_response_becomes_the_result(String json) {
        JsonNode job = ended(contract.call("CALL", key, () -> Answer.ok().json(json)));
        assertThat(job.path("result")).isEqualTo(Contract.json(json));
        assertThat(contract.awaitNotification(key, job.path("id").asString()).path("result"))
                .isEqualTo(Contract.json(json));
    }

    @Test
    void a_response_that_is_not_json_is_not_a_result() {
        JsonNode broken = ended(contract.call("CALL", key, () -> Answer.ok().json("{\"a\":")));
        assertThat(broken.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(broken.path("result").isNull()).isTrue();
        JsonNode text = ended(contract.call(
                "CALL", Contract.unique(), () -> Answer.ok().json("done").header("Content-Type", "text/plain")));
        assertThat(text.path("result").isNull()).isTrue();
    }

    @Test
    void an_overlong_result_does_not_fail_a_successful_job() {
        String longText = "\"" + "x".repeat(1_048_500) + "\"";
        JsonNode job = ended(contract.call("CALL", key, () -> Answer.ok().json(longText)));
        assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(contract.awaitNotification(key, job.path("id").asString())
                        .path("outcome")
                        .asString())
                .isEqualTo("SUCCEEDED");
    }

    /** One level or one digit more would not be kept: nothing that is may keep anybody from reading what contains it. */
    @Test
    void the_deepest_answer_and_the_longest_number_that_are_kept_are_shown_wherever_the_job_is() {
        String json = "{\"deep\":" + "[".repeat(399) + "]".repeat(399) + ",\"digits\":" + "9".repeat(400) + "}";
        JsonNode result = Contract.json(json);

        JsonNode job = ended(contract.call("CALL", key, () -> Answer.ok().json(json)));

        String id = job.path("id").asString();
        assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(job.path("result")).isEqualTo(result);
        assertThat(contract.awaitNotification(key, id).path("result")).isEqualTo(result);
        assertThat(contract.api.chain(id).path("job").path("result")).isEqualTo(result);
        List<JsonNode> jobs = contract.api.jobs("submitter=" + key);
        assertThat(jobs).hasSize(2);
        assertThat(jobs.get(1).path("result")).isEqualTo(result);
        assertThat(jobs.get(0).path("code").asString()).isEqualTo("CREATE_ALARM");
        assertThat(ended(jobs.get(0)).path("state").asString()).isEqualTo("SUCCEEDED");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 500, 502, 503, 504, 599})
    void a_transient_failure_is_retried(int status) {
        JsonNode job = ended(contract.call("CALL", key, () -> Answer.status(status), Answer::ok));
        assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(job.path("attempt").asInt()).isEqualTo(2);
        List<JsonNode> runs = runs(job);
        assertThat(runs).hasSize(2);
        assertThat(runs.get(0).path("outcome").asString()).isEqualTo("RETRY");
        assertThat(runs.get(0).path("counts").asBoolean()).isTrue();
        assertThat(runs.get(0).path("error").path("message").asString()).contains(Integer.toString(status));
        assertThat(runs.get(1).path("outcome").asString()).isEqualTo("SUCCEEDED");
        assertThat(Duration.ofNanos(contract.world.calls(key).get(1).nanoTime()
                        - contract.world.calls(key).get(0).nanoTime()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(190));
    }

    @Test
    void a_job_fails_once_its_attempts_are_used_up() {
        JsonNode job = ended(contract.call("CALL", key, () -> Answer.status(500).json("{\"why\":\"ill\"}")));
        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(job.path("error").path("kind").asString()).isEqualTo("HANDLER");
        assertThat(job.path("error").path("message").asString()).contains("500", "ill");
        assertThat(job.path("attempt").asInt()).isEqualTo(3);
        assertThat(runs(job)).hasSize(3);
        assertThat(contract.world.calls(key)).hasSize(3);
        assertThat(contract.awaitNotification(key, job.path("id").asString())
                        .path("outcome")
                        .asString())
                .isEqualTo("FAILED");
    }

    @Test
    void a_broken_connection_is_retried() {
        JsonNode job = ended(contract.call("CALL", key, Answer::closedConnection, Answer::ok));
        assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED");
        // Java's HTTP client may have tried once more by itself on a kept connection: the key is the same.
        assertThat(contract.world.calls(key)).allMatch(call -> call.header("Idempotency-Key")
                .equals(job.path("id").asString()));
    }

    @Test
    void a_refused_connection_is_retried() {
        JsonNode job = ended(contract.call("CALL_NOBODY", key));
        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(job.path("error").path("kind").asString()).isEqualTo("HANDLER");
        assertThat(job.path("error").path("message").asString()).contains("http://127.0.0.1:1/call");
        assertThat(runs(job)).hasSize(2);
        assertThat(runs(job).get(0).path("outcome").asString()).isEqualTo("RETRY");
    }

    @Test
    void a_response_timeout_is_retried() {
        JsonNode job = ended(contract.call("CALL", key, () -> Answer.ok().after(Duration.ofSeconds(3)), Answer::ok));
        assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(runs(job).get(0).path("error").path("message").asString()).contains("2000 ms");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 410, 422, 499, 301, 304})
    void a_permanent_rejection_fails_at_once(int status) {
        JsonNode job = ended(contract.call("CALL", key, () -> Answer.status(status), Answer::ok));
        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(job.path("error").path("kind").asString()).isEqualTo("REJECTED");
        assertThat(job.path("error").path("message").asString()).contains(Integer.toString(status));
        assertThat(runs(job)).hasSize(1);
        assertThat(runs(job).get(0).path("outcome").asString()).isEqualTo("FAILED");
        assertThat(contract.awaitNotification(key, job.path("id").asString())
                        .path("error")
                        .path("kind")
                        .asString())
                .isEqualTo("REJECTED");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void retry_after_is_honoured_and_uses_up_no_attempt(int status) {
        JsonNode posted =
                contract.call("CALL", key, () -> Answer.status(status).header("Retry-After", "4"), Answer::ok);
        JsonNode waiting = contract.await(
                posted.path("id").asString(),
                job -> job.path("state").asString().equals("WAITING"));
        assertThat(waiting.path("waiting").path("for").asString()).isEqualTo("TIME");
        assertThat(waiting.path("waiting").path("expectedStart").asString()).matches(Contract.TIME);

        assertSnoozedOnce(ended(posted), Duration.ofSeconds(4));
    }

    @Test
    void retry_after_may_be_a_date() {
        // Whole seconds: what is left of the current one is lost.
        Instant until = Instant.now().plusSeconds(3);
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(until.atOffset(ZoneOffset.UTC));
        JsonNode job =
                ended(contract.call("CALL", key, () -> Answer.status(429).header("Retry-After", date), Answer::ok));
        assertSnoozedOnce(job, Duration.ofMillis(1_500));
    }

    private void assertSnoozedOnce(JsonNode job, Duration least) {
        assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(job.path("run").asInt()).isEqualTo(2);
        assertThat(job.path("attempt").asInt()).isEqualTo(1);
        List<JsonNode> runs = runs(job);
        assertThat(runs.get(0).path("outcome").asString()).isEqualTo("SNOOZED");
        assertThat(runs.get(0).path("counts").asBoolean()).isFalse();
        assertThat(runs.get(1).path("counts").asBoolean()).isTrue();
        List<OutsideWorld.Seen> calls = contract.world.calls(key);
        assertThat(calls).hasSize(2);
        assertThat(Duration.ofNanos(calls.get(1).nanoTime() - calls.get(0).nanoTime()))
                .isGreaterThanOrEqualTo(least);
        assertThat(calls.get(1).header("X-Azukari-Run")).isEqualTo("2");
        assertThat(calls.get(1).header("X-Azukari-Attempt")).isEqualTo("1");
        assertThat(calls)
                .extracting(call -> call.header("Idempotency-Key"))
                .containsOnly(job.path("id").asString());
    }

    @Test
    void too_many_requests_never_uses_up_the_attempts() {
        Answer tooMany = Answer.status(429).header("Retry-After", "0");
        JsonNode job = ended(contract.call(
                "CALL", key, () -> tooMany, () -> tooMany, () -> tooMany, () -> tooMany, () -> tooMany, Answer::ok));
        assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(job.path("run").asInt()).isEqualTo(6);
        assertThat(job.path("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void a_nul_character_in_a_response_does_no_harm() {
        JsonNode job = ended(contract.call(
                "CALL", key, () -> new Answer(400, Map.of("Content-Type", "text/plain"), Duration.ZERO, "a\u0000b")));
        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(job.path("error").path("kind").asString()).isEqualTo("REJECTED");
    }
}
