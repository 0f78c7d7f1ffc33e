package azukari.api;

import static azukari.api.Contract.JSON;
import static azukari.api.Contract.assertProblem;
import static azukari.api.Contract.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ApiClient;
import azukari.testing.ApiClient.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that fail before there is an event: paths, methods, parameters, Accept headers. */
class BadRequestIT {
    private static final String NO_JOB = "01890a5d-ac96-774b-bcce-b302099a8057";

    private final ApiClient api = Contract.shared().api;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "nothing/here",
                "health",
                "events/1",
                "jobs/" + NO_JOB,
                "jobs/" + NO_JOB + "/runs",
                "jobs/" + NO_JOB + "/chain",
                "jobs/1",
                "jobs/1/runs",
                "jobs/" + NO_JOB + "x",
                "jobs/" + NO_JOB + "/nothing",
                "event-types/NOPE",
                "event-types/noop",
                "application.wadl",
                "application.wadl/xsd0.xsd",
                "channels/nothing",
                // Later stages.
                "asyncapi.json",
                "jobs/" + NO_JOB + "/stream",
                "jobs/" + NO_JOB + "/timeline",
                "event-types/graph",
            })
    void an_unknown_path_is_not_found(String path) {
        assertProblem(api.get(path), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "batches/nothing",
                "jobs/" + NO_JOB + "/cancel",
                "jobs/" + NO_JOB + "/retry",
                "queues/nowhere/pause",
                "queues/nowhere/resume",
                "channels/north/pause"
            })
    void posting_to_an_unknown_path_is_not_found(String path) {
        assertProblem(api.post(path, "{}", JSON), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nothing", "/api2/jobs"})
    void a_path_outside_the_api_is_not_found(String path) {
        assertProblem(api.send("GET", path, null, Map.of()), 404, "not-found");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, events, POST",
        "PUT, events, POST",
        "DELETE, events, POST",
        "PATCH, events, POST",
        "POST, jobs, GET",
        "DELETE, jobs, GET",
        "DELETE, jobs/01890a5d-ac96-774b-bcce-b302099a8057, GET",
        "POST, notifications, GET",
        "PUT, event-types/NOOP, GET",
        "POST, health/ready, GET",
    })
    void an_unsupported_method_is_refused(String method, String path, String allowed) {
        Response response = api.send(method, path, method.startsWith("P") ? bytes("{\"code\":\"NOOP\"}") : null, JSON);
        assertProblem(response, 405, "method-not-allowed");
        assertThat(response.header("Allow")).contains(allowed);
        assertThat(response.body().path("detail").asString()).contains(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jobs?limit=0",
                "jobs?limit=501",
                "jobs?limit=-1",
                "jobs?limit=x",
                "jobs?limit=",
                "jobs?limit=1.5",
                "jobs?limit=99999999999999",
                "jobs?limit=1&limit=2",
                "jobs?state=NONE",
                "jobs?state=waiting",
                "jobs?state=",
                "jobs?root=1",
                "jobs?parent=x",
                "jobs?after=x",
                "jobs?submitter=a%00b",
                "jobs?colour=red",
                "notifications?limit=0",
                "notifications?after=x",
                "notifications?after=%3D%3D",
                "notifications?after=MTIz",
                "notifications?state=FAILED",
            })
    void a_bad_parameter_is_refused(String path) {
        Response response = api.get(path);
        assertProblem(response, 400, "bad-request");
        String name = path.substring(path.indexOf('?') + 1, path.indexOf('='));
        assertThat(response.body().path("detail").asString()).contains("'" + name + "'");
    }

    @ParameterizedTest
    @CsvSource({"events, POST", "jobs, GET", "jobs/01890a5d-ac96-774b-bcce-b302099a8057/runs, GET"})
    void options_lists_the_supported_methods(String path, String allowed) {
        for (String accept : new String[] {"*/*", "application/json", "application/vnd.sun.wadl+xml", "text/plain"}) {
            Response response = api.send("OPTIONS", path, null, Map.of("Accept", accept));
            assertThat(response.status()).isEqualTo(204);
            assertThat(response.header("Allow")).contains(allowed, "OPTIONS");
            assertThat(response.body().isMissingNode()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml", "image/*"})
    void an_accept_header_that_excludes_json_is_refused(String accept) {
        Contract contract = Contract.shared();
        String submitter = Contract.unique();
        var before = contract.stored(submitter);
        Response posted = api.send(
                "POST",
                "events",
                bytes("{\"code\":\"NOOP\",\"submitter\":\"" + submitter + "\"}"),
                Map.of("Content-Type", "application/json", "Accept", accept));
        assertProblem(posted, 406, "not-acceptable");
        assertThat(contract.stored(submitter)).isEqualTo(before);
        assertProblem(api.send("GET", "jobs", null, Map.of("Accept", accept)), 406, "not-acceptable");
    }

    @Test
    void an_accept_header_that_includes_json_is_enough() {
        assertThat(api.send("GET", "jobs?limit=1", null, Map.of("Accept", "text/html, application/json;q=0.1"))
                        .status())
                .isEqualTo(200);
        assertThat(api.send("GET", "jobs?limit=1", null, Map.of("Accept", "*/*"))
                        .status())
                .isEqualTo(200);
    }
}
