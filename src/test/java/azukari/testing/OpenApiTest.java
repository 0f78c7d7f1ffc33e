package azukari.testing;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.OpenApi.Exchange;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A response that drifts from the OpenAPI document is detected: the check made by every test's client is able to fail. */
class OpenApiTest {
    private static final String UP = "{\"status\":\"UP\"}";
    private static final String PROBLEM =
            "{\"type\":\"urn:azukari:problem:not-found\",\"title\":\"t\",\"status\":404,\"detail\":\"d\"}";

    private static List<String> faults(String method, String path, int status, String type, String body) {
        return faults(method, path, "", "", status, type, body);
    }

    private static List<String> faults(
            String method, String path, String sent, String request, int status, String type, String body) {
        HttpHeaders headers = HttpHeaders.of(
                type.isEmpty() ? Map.of() : Map.of("Content-Type", List.of(type)), (name, value) -> true);
        return OpenApi.ofTheProduct().faults(new Exchange(method, path, sent, request, status, headers, body));
    }

    @Test
    void a_response_that_conforms_is_accepted() {
        assertThat(faults("GET", "/health/live", 200, "application/json", UP)).isEmpty();
        assertThat(faults("GET", "/nothing", 404, "application/problem+json", PROBLEM))
                .isEmpty();
        assertThat(faults("DELETE", "/events", 405, "application/problem+json", PROBLEM))
                .isEmpty();
        assertThat(faults("GET", "/metrics", 200, "text/plain; version=0.0.4", "x 1"))
                .isEmpty();
        assertThat(faults("GET", "/jobs/1", 304, "", "")).isEmpty();
    }

    @Test
    void a_response_that_does_not_conform_is_rejected() {
        assertThat(faults("GET", "/nothing", 200, "application/json", "{}")).isNotEmpty();
        assertThat(faults("DELETE", "/events", 200, "application/json", "{}")).isNotEmpty();
        assertThat(faults("GET", "/health/live", 418, "application/json", UP)).isNotEmpty();
        assertThat(faults("GET", "/health/live", 200, "text/plain", UP)).isNotEmpty();
        assertThat(faults("GET", "/health/live", 200, "application/json", "{}")).isNotEmpty();
        assertThat(faults("GET", "/health/live", 200, "application/json", "UP")).isNotEmpty();
        assertThat(faults("GET", "/health/live", 200, "application/json", "{\"status\":\"UP\",\"more\":1}"))
                .isNotEmpty();
        assertThat(faults("GET", "/jobs/1", 304, "application/json", "{}")).isNotEmpty();
        assertThat(faults("GET", "/jobs/1", 503, "application/problem+json", PROBLEM))
                .as("no Retry-After")
                .isNotEmpty();
        assertThat(faults("GET", "/nothing", 404, "text/html", "<html>")).isNotEmpty();
    }

    @Test
    void an_accepted_request_that_the_document_forbids_is_rejected() {
        String retry = "/queues/default/dead-letters/retry";
        String done = "{\"retried\":1,\"missing\":[]}";
        assertThat(faults("POST", retry, "application/json", "{\"ids\":[\"1\"]}", 200, "application/json", done))
                .isEmpty();
        assertThat(faults("POST", retry, "application/json", "{\"ids\":[1]}", 200, "application/json", done))
                .isNotEmpty();
        assertThat(faults("POST", retry, "text/plain", "1", 200, "application/json", done))
                .isNotEmpty();
    }
}
