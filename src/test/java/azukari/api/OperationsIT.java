package azukari.api;

import static azukari.api.Contract.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.Answer;
import azukari.testing.ApiClient.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Operations on jobs: cancel, retry, abandon. */
class OperationsIT {
    private final Contract contract = Contract.shared();
    private final String key = Contract.unique();

    @Test
    void a_waiting_job_is_cancelled_at_once_and_its_submitter_notified() {
        JsonNode accepted = contract.accept(Map.of(
                "code",
                "START_EC2",
                "submitter",
                key,
                "notBefore",
                Instant.now().plusSeconds(600).toString(),
                "body",
                Map.of("instanceId", "i-1")));
        String id = accepted.path("id").asString();
        assertThat(accepted.path("links").path("cancel").asString()).isEqualTo("/api/jobs/" + id + "/cancel");

        JsonNode cancelled = changed(id, "cancel");

        assertThat(cancelled.path("state").asString()).isEqualTo("CANCELLED");
        assertThat(cancelled.path("finishedAt").isString()).isTrue();
        assertThat(cancelled.path("error").isNull()).isTrue();
        assertThat(cancelled.path("links").has("cancel")).isFalse();
        assertThat(cancelled.path("links").path("retry").asString()).isEqualTo("/api/jobs/" + id + "/retry");
        assertThat(contract.awaitNotification(key, id).path("outcome").asString())
                .isEqualTo("CANCELLED");
        assertProblem(ask(id, "cancel"), 409, "conflict");
        assertThat(contract.api.job(id)).isEqualTo(cancelled);
    }

    @Test
    void a_running_job_ends_soon_after_its_cancellation() {
        String id = contract.accept(Map.of(
                        "code", "START_EC2", "submitter", key, "body", Map.of("instanceId", "i-1", "seconds", 600)))
                .path("id")
                .asString();
        contract.await(id, job -> job.path("state").asString().equals("RUNNING"));

        assertThat(changed(id, "cancel").path("id").asString()).isEqualTo(id);
        long begin = System.nanoTime();
        JsonNode ended = contract.awaitEnd(id);

        assertThat(ended.path("state").asString()).isEqualTo("CANCELLED");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(contract.api.runs(id))
                .singleElement()
                .satisfies(run -> assertThat(run.path("outcome").asString()).isEqualTo("CANCELLED"));
        assertThat(contract.awaitNotification(key, id).path("outcome").asString())
                .isEqualTo("CANCELLED");
    }

    @Test
    void an_interrupted_call_of_a_cancelled_job_is_not_repeated() {
        String id = contract.call("CALL", key, () -> Answer.ok().after(Duration.ofMillis(1_500)))
                .path("id")
                .asString();
        contract.await(id, job -> !contract.world.calls(key).isEmpty());

        for (int i = 0; i < 2; i++) {
            Response answer = ask(id, "cancel");
            assertThat(answer.status()).as("%s", answer.body()).isIn(202, 409); // The second may find it ended.
        }

        assertThat(contract.awaitEnd(id).path("state").asString()).isEqualTo("CANCELLED");
        assertThat(contract.world.calls(key)).hasSize(1);
    }

    @Test
    void a_job_in_back_off_is_cancelled() {
        String id = contract.call("CALL_PATIENT", key, () -> Answer.status(500))
                .path("id")
                .asString();
        contract.await(id, job -> job.path("state").asString().equals("WAITING"));

        assertThat(changed(id, "cancel").path("state").asString()).isEqualTo("CANCELLED");
        assertThat(contract.world.calls(key)).hasSize(1);
    }

    @Test
    void a_failed_job_is_retried_as_a_new_generation() {
        Map<String, Object> event =
                Map.of("code", "CALL", "requestId", key, "submitter", key, "body", Map.of("key", key));
        contract.world.script(key, List.of(() -> Answer.status(400), Answer::ok));
        String id = contract.accept(event).path("id").asString();
        JsonNode failed = contract.awaitEnd(id);
        assertThat(failed.path("state").asString()).isEqualTo("FAILED");

        JsonNode again = changed(id, "retry");
        assertThat(again.path("attempt").asInt()).isZero();
        assertThat(again.path("error").isNull()).isTrue();
        assertThat(again.path("requestId").asString()).isEqualTo(key);
        JsonNode ended = contract.awaitEnd(id);

        assertThat(ended.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(ended.path("run").asInt()).isEqualTo(2);
        assertThat(ended.path("attempt").asInt()).isEqualTo(1);
        assertThat(ended.path("links").has("retry")).isFalse();
        assertThat(contract.world.calls(key))
                .extracting(call -> call.header("Idempotency-Key"))
                .as("the key stays")
                .containsExactly(id, id);
        assertThat(contract.accept(event).path("id").asString()).isEqualTo(id);
        contract.await(
                id,
                job -> contract.api
                                .get("notifications?submitter=" + key)
                                .body()
                                .path("items")
                                .size()
                        == 2);
        assertProblem(ask(id, "retry"), 409, "conflict");
    }

    @Test
    void an_operation_that_the_state_forbids_is_a_conflict_and_changes_nothing() {
        String done = contract.accept(Map.of("code", "NOOP", "submitter", key))
                .path("id")
                .asString();
        JsonNode ended = contract.awaitEnd(done);
        String waiting = contract.accept(Map.of(
                        "code",
                        "NOOP",
                        "notBefore",
                        Instant.now().plusSeconds(600).toString()))
                .path("id")
                .asString();

        for (String operation : List.of("cancel", "retry", "abandon")) {
            assertProblem(ask(done, operation), 409, "conflict");
            assertProblem(ask(UUID.randomUUID().toString(), operation), 404, "not-found");
            assertProblem(ask("no-id", operation), 404, "not-found");
        }
        assertProblem(ask(waiting, "retry"), 409, "conflict");
        assertProblem(ask(waiting, "abandon"), 409, "conflict");
        assertThat(contract.api.job(done)).isEqualTo(ended);
        changed(waiting, "cancel");
    }

    private JsonNode changed(String id, String operation) {
        Response answer = ask(id, operation);
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
        return answer.body();
    }

    private Response ask(String id, String operation) {
        return contract.api.send("POST", "jobs/" + id + "/" + operation, null, Map.of());
    }
}
