package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** By what names this server may be called, and from pages of which origin. */
class CallerIT {
    private final Contract contract = Contract.shared();

    private RawHttp.Answer send(String method, String path, Map<String, String> headers) throws IOException {
        try (RawHttp http = new RawHttp(contract.server.port())) {
            return http.send(method, "/api/" + path, headers, method.equals("POST") ? new byte[0] : null);
        }
    }

    private RawHttp.Answer post(String host, String body) throws IOException {
        try (RawHttp http = new RawHttp(contract.server.port())) {
            Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/json"));
            headers.put("Host", host);
            return http.send("POST", "/api/events", headers, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "LOCALHOST:8080", "[::1]:8080", "127.1.2.3:1"})
    void a_name_of_the_loopback_interface_is_known(String host) throws IOException {
        assertThat(post(host, "{\"code\":\"NOOP\",\"body\":{}}").status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobs.example", "JOBS.example:8443", "[2001:db8::1]"})
    void a_host_that_is_allowed_is_known_and_its_pages_may_change_something(String host) throws IOException {
        assertThat(post(host, "{\"code\":\"NOOP\",\"body\":{}}").status()).isEqualTo(202);
        RawHttp.Answer page = send("POST", "queues/default/resume", Map.of("Origin", "https://" + host));
        assertThat(page.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rebound.example",
                "azukari.example:8080",
                "10.0.0.1",
                "localhost.example",
                "[::2]",
                "a.jobs.example"
            })
    void any_other_name_is_refused_whatever_is_asked_for(String host) throws IOException {
        assertThat(post(host, "{\"code\":\"NOOP\",\"body\":{}}").status()).isEqualTo(421);
        RawHttp.Answer read = send("GET", "jobs", Map.of("Host", host));
        assertThat(read.status()).isEqualTo(421);
        assertThat(read.body()).contains("urn:azukari:problem:misdirected", "AZUKARI_HTTP_ALLOWED_HOSTS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ":80", "a:b:c", "a b", "a@b", "[::1"})
    void a_malformed_host_is_refused_and_nothing_is_stored(String host) throws IOException {
        String submitter = Contract.unique();
        RawHttp.Answer answer = post(host, "{\"code\":\"NOOP\",\"submitter\":\"" + submitter + "\",\"body\":{}}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(contract.api.jobs("submitter=" + submitter)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example",
        "https://127.0.0.1.evil.example",
        "null",
        "http://127.0.0.1:3000",
        "http://localhost",
        "https://jobs.example.evil",
        "file://",
        "''"
    })
    void a_page_of_another_origin_changes_nothing(String origin) throws IOException {
        Map<String, String> form = Map.of("Origin", origin, "Content-Type", "application/x-www-form-urlencoded");
        RawHttp.Answer answer = send("POST", "queues/default/pause", form);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("urn:azukari:problem:foreign-origin");
        assertThat(contract.api.get("queues").body().toString()).doesNotContain("\"paused\":true");
        assertThat(send("GET", "jobs", Map.of("Origin", origin)).status())
                .as("reading is for the browser to refuse")
                .isEqualTo(200);
    }

    @Test
    void a_page_of_this_server_s_own_origin_may() throws IOException {
        RawHttp.Answer answer = send("POST", "queues/default/resume", Map.of("Origin", "http://127.0.0.1"));
        assertThat(answer.status()).isLessThan(300);
    }
}
