package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ApiClient.Response;
import azukari.testing.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code Prefer: wait}, {@code ETag} and {@code If-None-Match}. */
class WaitIT {
    private final Contract contract = Contract.shared();
    private final String submitter = Contract.unique();

    @Test
    void an_event_whose_job_ends_in_time_is_answered_with_the_ended_job() {
        Response response = post(vm(0), "wait=30");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Preference-Applied")).isEqualTo("wait=30");
        assertThat(response.header("Vary")).isEqualTo("Prefer");
        assertThat(state(response)).isEqualTo("SUCCEEDED");
        assertThat(response.body().path("result").path("instanceId").asString()).isEqualTo("i");
        assertThat(response.body())
                .isEqualTo(contract.api.job(response.body().path("id").asString()));
    }

    @Test
    void an_event_whose_job_does_not_end_in_time_is_accepted() {
        long begun = System.nanoTime();

        Response response = post(vm(4), "wait=1");

        assertThat(took(begun)).isBetween(Duration.ofMillis(900), Duration.ofMillis(2500));
        String id = response.body().path("id").asString();
        assertThat(response.status()).isEqualTo(202);
        assertThat(response.header("Preference-Applied")).isEqualTo("wait=1");
        assertThat(response.header("Location")).endsWith("/api/jobs/" + id);
        assertThat(response.header("Retry-After")).isEqualTo("1");
        assertThat(state(response)).isEqualTo("RUNNING");
    }

    @Test
    void a_repeat_of_an_ended_event_is_answered_at_once_with_its_job() {
        Map<String, Object> event = vm(0);
        event.put("requestId", Contract.unique());
        JsonNode ended = post(event, "wait=30").body();

        Response waiting = post(event, "wait=5");
        assertThat(waiting.status()).isEqualTo(200);
        assertThat(waiting.body()).isEqualTo(ended);
        Response plain = contract.api.post(event);
        assertThat(plain.status()).isEqualTo(202);
        assertThat(plain.body()).isEqualTo(ended);
        event.put("priority", 1);
        Contract.assertProblem(post(event, "wait=5"), 422, "request-id-reused");
    }

    @Test
    void a_wait_is_limited_to_a_minute() {
        Response response = post(vm(0), "wait=3600");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Preference-Applied")).isEqualTo("wait=60");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=soon", "wait=-1", "wait", "return=minimal", "handling=lenient; wait=5"})
    void an_unintelligible_preference_is_ignored(String preference) {
        Response response = post(vm(1), preference);
        assertThat(response.status()).isEqualTo(202);
        assertThat(response.headers().firstValue("Preference-Applied")).isEmpty();
    }

    @Test
    void a_cloud_event_may_be_waited_for_as_well() {
        Response response = contract.api.post(
                "events",
                """
                {"specversion":"1.0","type":"NOOP","source":"/tests","id":"%s","data":{}}""".formatted(submitter),
                Map.of("Content-Type", "application/cloudevents+json", "Prefer", "wait=30"));
        assertThat(response.status()).as("%s", response.body()).isEqualTo(200);
        assertThat(state(response)).isEqualTo("SUCCEEDED");
    }

    @ParameterizedTest
    @CsvSource({"%7Bid%7D,404", "%7B,404", "a%20b,404", "%C3%A4,404", "{id},400"})
    void an_address_of_any_characters_is_answered_as_without_waiting(String id, int status) throws IOException {
        try (RawHttp http = new RawHttp(contract.server.port())) {
            assertThat(http.send("GET", "/api/jobs/" + id, Map.of("Prefer", "wait=1"), null)
                            .status())
                    .isEqualTo(status);
            assertThat(http.send("GET", "/api/jobs/" + id, Map.of(), null).status())
                    .isEqualTo(status);
        }
    }

    @Test
    void bad_input_is_refused_without_waiting() {
        Contract.assertProblem(post(Map.of("code", "NOPE"), "wait=30"), 422, "invalid-event", "/code");
        Contract.assertProblem(get("no-id", "wait=30", null), 404, "not-found");
        Contract.assertProblem(contract.api.get("waiting/events"), 404, "not-found");
        Contract.assertProblem(
                contract.api.send("PUT", "events", new byte[0], Map.of("Prefer", "wait=3")), 405, "method-not-allowed");
    }

    @Test
    void a_job_is_returned_when_its_state_changes() {
        String id = contract.accept(vm(2)).path("id").asString();
        contract.await(id, job -> job.path("state").asString().equals("RUNNING"));
        long begun = System.nanoTime();

        Response response = get(id, "wait=30", null);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Preference-Applied")).isEqualTo("wait=30");
        assertThat(state(response)).isEqualTo("SUCCEEDED");
        assertThat(took(begun)).isBetween(Duration.ofMillis(500), Duration.ofMillis(3500));
        assertThat(get(id, "wait=30", null).body())
                .as("an ended job is not waited for")
                .isEqualTo(response.body());
    }

    @Test
    void a_job_is_returned_unchanged_when_the_wait_times_out() {
        Map<String, Object> event = vm(0);
        event.put("notBefore", "2040-01-01T00:00:00Z");
        String id = contract.accept(event).path("id").asString();
        long begun = System.nanoTime();

        Response response = get(id, "wait=1", null);

        assertThat(response.status()).isEqualTo(200);
        assertThat(state(response)).isEqualTo("WAITING");
        assertThat(took(begun)).isBetween(Duration.ofMillis(900), Duration.ofMillis(2500));
        String tag = response.header("ETag");
        assertThat(get(id, "wait=1", tag).status()).isEqualTo(304);
    }

    @Test
    void a_client_with_the_current_document_gets_304() {
        String id = contract.accept(vm(0)).path("id").asString();
        contract.awaitEnd(id);

        Response first = get(id, null, null);
        assertThat(first.header("ETag")).matches("\"[A-Za-z0-9_-]+\"");
        for (String tags :
                new String[] {first.header("ETag"), "W/" + first.header("ETag"), "\"x\", " + first.header("ETag"), "*"
                }) {
            Response again = get(id, null, tags);
            assertThat(again.status()).as(tags).isEqualTo(304);
            assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
            assertThat(again.body().isMissingNode()).isTrue();
        }
        assertThat(get(id, null, "\"x\"").body()).isEqualTo(first.body());
    }

    @Test
    void a_client_waiting_with_a_tag_sees_progress() {
        String id = contract.accept(vm(3)).path("id").asString();
        contract.await(id, job -> job.path("state").asString().equals("RUNNING"));
        Response before = get(id, null, null);

        Response after = get(id, "wait=30", before.header("ETag"));

        assertThat(after.status()).isEqualTo(200);
        assertThat(state(after)).isEqualTo("RUNNING");
        assertThat(after.body().path("progress")).isNotEqualTo(before.body().path("progress"));
        assertThat(after.header("ETag")).isNotEmpty().isNotEqualTo(before.header("ETag"));
    }

    private Map<String, Object> vm(int seconds) {
        Map<String, Object> event = new HashMap<>();
        event.put("code", "START_EC2");
        event.put("submitter", submitter);
        event.put("body", Map.of("instanceId", "i", "seconds", seconds));
        return event;
    }

    private Response post(Map<String, ?> event, String preference) {
        return contract.api.post(
                "events",
                JsonMapper.shared().writeValueAsString(event),
                Map.of("Content-Type", "application/json", "Prefer", preference));
    }

    private Response get(String id, String preference, String tags) {
        Map<String, String> headers = new HashMap<>();
        if (preference != null) {
            headers.put("Prefer", preference);
        }
        if (tags != null) {
            headers.put("If-None-Match", tags);
        }
        return contract.api.send("GET", "jobs/" + id, null, headers);
    }

    private static String state(Response response) {
        return response.body().path("state").asString();
    }

    private static Duration took(long since) {
        return Duration.ofNanos(System.nanoTime() - since);
    }
}
