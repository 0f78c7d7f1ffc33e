package azukari.api;

import static azukari.api.Contract.JSON;
import static azukari.api.Contract.assertProblem;
import static azukari.api.Contract.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ApiClient.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Accepted events: the content of the 202, and the effect of repeating a requestId. */
class AcceptIT {
    private static final int RACERS = 24;

    private final Contract contract = Contract.shared();
    private final String submitter = Contract.unique();
    private final String requestId = Contract.unique();

    @Test
    void the_response_has_location_retry_after_and_the_job_document() {
        Response response = contract.api.post(Map.of(
                "code",
                "START_EC2",
                "requestId",
                requestId,
                "submitter",
                submitter,
                "priority",
                9,
                "body",
                Map.of("instanceId", "i-1", "seconds", 0)));

        assertThat(response.status()).isEqualTo(202);
        assertThat(response.header("Content-Type")).startsWith("application/json");
        assertThat(response.header("Retry-After")).matches("\\d+");
        JsonNode job = response.body();
        String id = job.path("id").asString();
        assertThat(id).matches(Contract.UUID_V7);
        assertThat(response.header("Location")).endsWith("/api/jobs/" + id);
        assertThat(contract.api
                        .get(response.header("Location"))
                        .body()
                        .path("id")
                        .asString())
                .isEqualTo(id);
        assertThat(job.propertyNames())
                .contains(
                        "id",
                        "code",
                        "requestId",
                        "submitter",
                        "state",
                        "waiting",
                        "priority",
                        "run",
                        "attempt",
                        "maxAttempts",
                        "progress",
                        "createdAt",
                        "startedAt",
                        "finishedAt",
                        "result",
                        "error",
                        "parent",
                        "root",
                        "children",
                        "links");
        assertThat(job.path("code").asString()).isEqualTo("START_EC2");
        assertThat(job.path("requestId").asString()).isEqualTo(requestId);
        assertThat(job.path("submitter").asString()).isEqualTo(submitter);
        assertThat(job.path("state").asString()).isEqualTo("QUEUED");
        assertThat(job.path("priority").asInt()).isEqualTo(9);
        assertThat(job.path("run").asInt()).isZero();
        assertThat(job.path("attempt").asInt()).isZero();
        assertThat(job.path("maxAttempts").asInt()).isEqualTo(5);
        assertThat(job.path("createdAt").asString()).matches(Contract.TIME);
        assertThat(job.path("root").asString()).isEqualTo(id);
        for (String empty :
                List.of("waiting", "startedAt", "finishedAt", "result", "error", "parent", "progress", "children")) {
            assertThat(job.path(empty).isNull()).as(empty).isTrue();
        }
        assertThat(job.path("links").path("self").asString()).isEqualTo("/api/jobs/" + id);
        assertThat(job.path("links").path("chain").asString()).isEqualTo("/api/jobs/" + id + "/chain");

        JsonNode ended = contract.awaitEnd(id);
        assertThat(ended.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(ended.path("startedAt").asString()).matches(Contract.TIME);
        assertThat(ended.path("finishedAt").asString()).matches(Contract.TIME);
        assertThat(ended.path("run").asInt()).isEqualTo(1);
        assertThat(ended.path("attempt").asInt()).isEqualTo(1);
        assertThat(ended.path("result").path("instanceId").asString()).isEqualTo("i-1");
    }

    @Test
    void optional_fields_have_defaults() {
        JsonNode job = contract.accept(Map.of("code", "NOOP"));
        assertThat(job.path("submitter").asString()).isEqualTo("anonymous");
        assertThat(job.path("priority").asInt()).isEqualTo(4);
        assertThat(job.path("requestId").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "true", "1.50", "\"text\"", "{\"a\":{\"b\":[1,\"\\u0000\",\"😀\"]}}"})
    void any_body_that_matches_the_schema_is_accepted(String body) {
        Response response =
                contract.api.post("{\"code\":\"NOOP\",\"submitter\":\"" + submitter + "\",\"body\":" + body + "}");
        assertThat(response.status()).isEqualTo(202);
        assertThat(contract.awaitEnd(response.body().path("id").asString())
                        .path("state")
                        .asString())
                .isEqualTo("SUCCEEDED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "application/json;charset=\"UTF-8\"",
                "Application/JSON"
            })
    void every_spelling_of_the_json_media_type_is_accepted(String type) {
        Response response = contract.api.send(
                "POST",
                "events",
                bytes("{\"code\":\"NOOP\",\"submitter\":\"" + submitter + "\"}"),
                Map.of("Content-Type", type));
        assertThat(response.status()).isEqualTo(202);
    }

    @Test
    void the_longest_names_are_accepted() {
        JsonNode job = contract.accept(Map.of(
                "code",
                "NOOP",
                "submitter",
                "ü".repeat(200),
                "requestId",
                requestId + "ü".repeat(200 - requestId.length())));
        assertThat(contract.api.job(job.path("id").asString()).path("submitter").asString())
                .isEqualTo("ü".repeat(200));
    }

    @Test
    void a_repeated_request_id_yields_the_same_job() {
        Map<String, Object> event = event();
        String id = contract.accept(event).path("id").asString();
        assertThat(contract.accept(event).path("id").asString()).isEqualTo(id);
        contract.awaitEnd(id);
        Response again = contract.api.post(event);
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Location")).endsWith("/api/jobs/" + id);
        assertThat(again.body().path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(id(submitter)).isEqualTo(id);
    }

    private String id(String of) {
        List<JsonNode> jobs = contract.api.jobs("submitter=" + of);
        assertThat(jobs).hasSize(1);
        return jobs.get(0).path("id").asString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "\"%s\"", "  %s "})
    void the_request_id_may_be_a_header(String form) {
        String key = form.formatted(requestId);
        String event = "{\"code\":\"NOOP\",\"submitter\":\"" + submitter + "\"}";
        Map<String, String> headers = Map.of("Content-Type", "application/json", "Idempotency-Key", key);
        Response first = contract.api.send("POST", "events", bytes(event), headers);
        assertThat(first.status()).isEqualTo(202);
        assertThat(first.body().path("requestId").asString()).isEqualTo(requestId);

        Response second = contract.api.send("POST", "events", bytes(event), headers);
        assertThat(second.body().path("id")).isEqualTo(first.body().path("id"));

        String withField = event.replace("}", ",\"requestId\":\"" + requestId + "\"}");
        Response third = contract.api.send("POST", "events", bytes(withField), JSON);
        assertThat(third.body().path("id")).isEqualTo(first.body().path("id"));
        Response both = contract.api.send("POST", "events", bytes(withField), headers);
        assertThat(both.body().path("id")).isEqualTo(first.body().path("id"));
        assertThat(id(submitter)).isEqualTo(first.body().path("id").asString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "code|\"START_EC2\"",
                "body|{\"instanceId\":\"i-2\",\"seconds\":0}",
                "body|{\"instanceId\":\"i-1\",\"seconds\":0,\"more\":null}",
                "submitter|\"somebody-else\"",
                "priority|5",
                "notBefore|\"2031-01-01T00:00:00Z\"",
            })
    void a_request_id_reused_for_another_event_is_refused(String field, String value) {
        String id = contract.accept(event()).path("id").asString();
        Map<String, Object> other = event();
        other.put(field, Contract.json(value));

        Response response = contract.api.post(other);

        assertProblem(response, 422, "request-id-reused");
        assertThat(response.body().path("detail").asString()).contains(requestId, id);
        assertThat(contract.api.jobs("requestId=" + requestId)).hasSize(1);
    }

    @Test
    void events_are_compared_as_canonical_json() {
        String head = "{\"code\":\"NOOP\",\"submitter\":\"" + submitter + "\",\"requestId\":\"" + requestId + "\",";
        String id = post(head + "\"notBefore\":\"2040-01-01T00:00:00Z\",\"body\":{\"a\":1,\"b\":[1.50,\"\u00e9\"]}}");
        assertThat(post(head
                        + "\"body\":{\"b\":[1.5e0,\"\\u00e9\"],\"a\":1.0},\"notBefore\":\"2040-01-01T00:00:00Z\"}"))
                .isEqualTo(id);
        assertThat(post(head + "\"priority\":4, \"body\": { \"a\" : 1e0, \"b\" : [ 15e-1, \"\u00e9\" ] },"
                        + "\"notBefore\":\"2040-01-01T01:00:00.000+01:00\"}"))
                .isEqualTo(id);
        assertThat(contract.api.jobs("submitter=" + submitter)).hasSize(1);
        assertProblem(
                contract.api.post(
                        head + "\"notBefore\":\"2040-01-01T00:00:00Z\",\"body\":{\"a\":1,\"b\":[\"\u00e9\",1.5]}}"),
                422,
                "request-id-reused");
    }

    private String post(String event) {
        Response response = contract.api.post(event);
        assertThat(response.status()).as("%s", response.body()).isEqualTo(202);
        return response.body().path("id").asString();
    }

    @Test
    void racing_requests_with_one_request_id_yield_one_job() throws Exception {
        List<Response> answers = race(i -> event());
        assertThat(answers).allMatch(answer -> answer.status() == 202);
        assertThat(answers.stream().map(answer -> answer.body().path("id").asString()))
                .containsOnly(id(submitter));
        assertThat(answers.stream()
                        .map(answer -> answer.body().path("createdAt").asString()))
                .containsOnly(answers.get(0).body().path("createdAt").asString());
    }

    @Test
    void racing_requests_with_one_request_id_and_different_bodies_accept_one() throws Exception {
        List<Response> answers = race(i -> {
            Map<String, Object> event = event();
            event.put("body", Map.of("racer", i));
            return event;
        });
        assertThat(answers.stream().filter(answer -> answer.status() == 202)).hasSize(1);
        answers.stream()
                .filter(answer -> answer.status() != 202)
                .forEach(answer -> assertProblem(answer, 422, "request-id-reused"));
        assertThat(contract.api.jobs("submitter=" + submitter)).hasSize(1);
    }

    private interface Racer {
        Map<String, Object> event(int number);
    }

    private List<Response> race(Racer racer) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(RACERS);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Response>> answers = new ArrayList<>();
            for (int i = 0; i < RACERS; i++) {
                Map<String, Object> event = racer.event(i);
                answers.add(threads.submit(() -> {
                    start.await();
                    return contract.api.post(event);
                }));
            }
            start.countDown();
            List<Response> all = new ArrayList<>();
            for (Future<Response> answer : answers) {
                all.add(answer.get());
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    /** The same each time. */
    private Map<String, Object> event() {
        Map<String, Object> event = new HashMap<>();
        event.put("code", "NOOP");
        event.put("requestId", requestId);
        event.put("submitter", submitter);
        event.put("body", Map.of("instanceId", "i-1", "seconds", 0));
        return event;
    }
}
