package azukari.api;

import static azukari.api.Contract.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.RawHttp;
import azukari.testing.RawHttp.Answer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Valid requests with random mutations of body, headers, path and query, sent byte for byte: every response conforms to the
 * contract. {@code -Dmutation.seed=N} repeats a run.
 */
class MutationIT {
    private static final int COUNT = 10_000;
    private static final long SEED = Long.getLong("mutation.seed", System.nanoTime());

    private static final List<String> EVENTS = List.of(
            "{\"code\":\"NOOP\",\"requestId\":\"m-1\",\"submitter\":\"mutations\",\"priority\":4,\"body\":{\"a\":[1,2.5,null,true,\"ä😀\"]}}",
            "{\"code\":\"START_EC2\",\"submitter\":\"mutations\",\"notBefore\":\"2035-01-01T00:00:00.5+01:00\",\"body\":{\"instanceId\":\"i-1\",\"seconds\":0}}",
            "{\"code\":\"CREATE_ALARM\",\"submitter\":\"mutations\",\"body\":{\"job\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"code\":\"X\",\"requestId\":null,\"submitter\":\"mutations\",\"outcome\":\"FAILED\",\"result\":{},\"error\":{\"kind\":\"K\",\"message\":\"m\"}}}");

    private static final List<String> CLOUD_EVENTS = List.of(
            "{\"specversion\":\"1.0\",\"type\":\"NOOP\",\"source\":\"/mutations\",\"id\":\"1\",\"time\":\"2026-01-31T08:00:00Z\",\"subject\":\"s\",\"traceparent\":\"00-4bf92f35-01\",\"sequence\":5,\"datacontenttype\":\"application/json\",\"submitter\":\"mutations\",\"data\":{\"a\":1}}",
            "{\"specversion\":\"1.0\",\"type\":\"START_EC2\",\"source\":\"urn:x:mutations\",\"id\":\"ä-2\",\"priority\":3,\"notbefore\":\"2035-01-01T00:00:00Z\",\"submitter\":\"mutations\",\"data\":{\"instanceId\":\"i-1\",\"seconds\":0}}");

    private static final List<String> PATHS = List.of(
            "jobs?limit=5",
            "jobs?submitter=mutations&state=FAILED",
            "jobs?code=NOOP&after=01890a5d-ac96-774b-bcce-b302099a8057",
            "jobs/01890a5d-ac96-774b-bcce-b302099a8057",
            "jobs/01890a5d-ac96-774b-bcce-b302099a8057/runs",
            "jobs/01890a5d-ac96-774b-bcce-b302099a8057/chain",
            "notifications?after=cDM&limit=7",
            "event-types/NOOP",
            "health/live",
            "metrics",
            "openapi");

    private static final Map<String, String> HEADERS = Map.of(
            "Accept", "application/json;q=0.9, */*;q=0.1",
            "Accept-Language", "de, en;q=0.5",
            "Accept-Encoding", "gzip, br;q=0.1",
            "If-None-Match", "W/\"abc\", \"def\"",
            "Prefer", "wait=0, respond-async",
            "Last-Event-ID", "cDM",
            "Cookie", "a=b; c=\"d\"",
            "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    private final Contract contract = Contract.shared();
    private final Mutations mutations = new Mutations(new Random(SEED));
    private final Map<Integer, Integer> answers = new TreeMap<>();

    @Test
    void every_mutated_request_gets_a_response_from_the_contract() throws Exception {
        try (RawHttp http = new RawHttp(contract.server.port())) {
            for (int i = 0; i < COUNT; i++) {
                switch (i % 5) {
                    case 0, 1 -> post(http, EVENTS, "application/json");
                    case 2 -> post(http, CLOUD_EVENTS, "application/cloudevents+json");
                    case 3 -> check(http, "GET", "/api/" + mutations.path(mutations.one(PATHS)), Map.of(), null);
                    default -> header(http);
                }
            }
        }
        System.out.println("mutation.seed " + SEED + ": " + COUNT + " requests, answers by status: " + answers);
        assertThat(answers.keySet()).as("the mutations reach both good and bad").contains(202, 400, 404, 422);
        assertThat(contract.api.get("health/ready").status()).isEqualTo(200);
    }

    private void post(RawHttp http, List<String> events, String type) throws Exception {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Content-Type", type));
        if (mutations.chance(8)) {
            headers.put("Content-Type", mutations.header(type + "; charset=utf-8"));
        }
        if (mutations.chance(8)) {
            headers.put("Idempotency-Key", mutations.header("\"key-1\""));
        }
        byte[] body = mutations.json(mutations.one(events));
        check(http, "POST", "/api/events", headers, body);
    }

    private void header(RawHttp http) throws Exception {
        String name = mutations.one(HEADERS.keySet().stream().sorted().toList());
        Map<String, String> headers = Map.of(name, mutations.header(HEADERS.get(name)));
        if (mutations.chance(3)) {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.put("Content-Type", "application/json");
            check(http, "POST", "/api/events", all, bytes(mutations.one(EVENTS)));
        } else {
            check(http, "GET", "/api/" + mutations.one(PATHS), headers, null);
        }
    }

    private void check(RawHttp http, String method, String target, Map<String, String> headers, byte[] body)
            throws Exception {
        String request = method + " " + target + " " + headers + " "
                + (body == null ? "" : new String(body, StandardCharsets.UTF_8));
        Answer answer = http.send(method, target, headers, body);
        answers.merge(answer.status(), 1, Integer::sum);
        assertThat(answer.status() / 100)
                .as("seed %d: %s → %s", SEED, request, answer)
                .isIn(2, 4);
        if (answer.status() < 300) {
            assertThat(answer.body()).as("seed %d: %s", SEED, request).isNotEmpty();
        } else if (answer.header("content-type") != null || !answer.body().isEmpty()) {
            // Without either, it was the server that refused it, before there was a request.
            assertThat(answer.header("content-type"))
                    .as("seed %d: %s", SEED, request)
                    .isEqualTo("application/problem+json");
        }
    }
}
