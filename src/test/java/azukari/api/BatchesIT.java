package azukari.api;

import static azukari.api.Contract.assertProblem;
import static azukari.api.Contract.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.Answer;
import azukari.testing.ApiClient.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events that are posted together, and jobs that wait for their children. */
class BatchesIT {
    private static final Map<String, String> LINES = Map.of("Content-Type", "application/x-ndjson");
    private static final int LARGEST = 10_000;
    private static final int STALLED = 240;
    private static final Duration LONG = Duration.ofMinutes(3);

    private final Contract contract = Contract.shared();
    private final String key = Contract.unique();

    private Response post(Map<String, ?> batch) {
        return contract.api.post("batches", JsonMapper.shared().writeValueAsString(batch), Contract.JSON);
    }

    private JsonNode accepted(Response response) {
        assertThat(response.status()).as("%s", response.body()).isEqualTo(202);
        assertThat(response.header("Location"))
                .endsWith("/api/jobs/" + response.body().path("id").asString());
        return response.body();
    }

    private Map<String, Object> call(String target) {
        return Map.of("code", "CALL", "body", Map.of("key", target));
    }

    private List<JsonNode> childrenOf(JsonNode parent) {
        List<JsonNode> children = new ArrayList<>();
        contract.api
                .get("jobs?limit=500&parent=" + parent.path("id").asString())
                .body()
                .path("items")
                .forEach(job -> {
                    if (!job.path("code").asString().equals("CREATE_ALARM")) {
                        children.add(job);
                    }
                });
        return children;
    }

    @Test
    void a_batch_is_one_job_that_ends_with_its_children_and_tells_its_submitter() {
        JsonNode parent = accepted(post(Map.of(
                "submitter", key, "items", List.of(call(key + "-a"), call(key + "-b"), Map.of("code", "NOOP")))));

        assertThat(parent.path("code").asString()).isEqualTo("BATCH");
        assertThat(parent.path("submitter").asString()).isEqualTo(key);
        assertThat(parent.path("children").path("total").asInt()).isEqualTo(3);
        JsonNode ended = contract.awaitEnd(parent.path("id").asString());
        assertThat(ended.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(ended.path("children").path("succeeded").asInt()).isEqualTo(3);
        assertThat(ended.path("progress").path("percent").asInt()).isEqualTo(100);
        assertThat(ended.path("result").path("succeeded").asInt()).isEqualTo(3);
        assertThat(contract.awaitNotification(key, parent.path("id").asString())
                        .path("outcome")
                        .asString())
                .isEqualTo("SUCCEEDED");
        assertThat(childrenOf(parent))
                .hasSize(3)
                .allMatch(child -> child.path("submitter").asString().equals(key))
                .allMatch(child -> child.path("root").equals(parent.path("id")));
        JsonNode chain = contract.api
                .get("jobs/" + parent.path("id").asString() + "/chain")
                .body();
        assertThat(chain.path("children")).hasSize(3);
        assertThat(chain.path("emitted")).hasSize(1);
    }

    @Test
    void what_failed_of_a_batch_is_retried_and_nothing_else() {
        contract.world.script(key + "-bad", List.of(() -> Answer.status(400), Answer::ok));
        JsonNode parent =
                accepted(post(Map.of("submitter", key, "items", List.of(call(key + "-good"), call(key + "-bad")))));
        String id = parent.path("id").asString();
        JsonNode failed = contract.awaitEnd(id);
        assertThat(failed.path("state").asString()).isEqualTo("FAILED");
        assertThat(failed.path("error").path("kind").asString()).isEqualTo("CHILDREN");
        assertThat(failed.path("children").path("failed").asInt()).isEqualTo(1);

        Response again = contract.api.post("jobs/" + id + "/retry", "", Map.of());

        assertThat(again.status()).isEqualTo(202);
        assertThat(contract.awaitEnd(id).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(contract.world.calls(key + "-good")).hasSize(1);
        assertThat(contract.world.calls(key + "-bad")).hasSize(2);
    }

    @Test
    void a_cancelled_batch_ends_what_has_not_ended() {
        List<Map<String, Object>> items = IntStream.range(0, 40)
                .mapToObj(i -> Map.<String, Object>of(
                        "code", "START_EC2", "body", Map.of("instanceId", "i-" + i, "seconds", 600)))
                .toList();
        JsonNode parent = accepted(post(Map.of("submitter", key, "items", items)));
        String id = parent.path("id").asString();
        Awaitility.await("some run").atMost(Contract.SOON).until(() -> childrenOf(parent).stream()
                .anyMatch(child -> child.path("state").asString().equals("RUNNING")));

        assertThat(contract.api.post("jobs/" + id + "/cancel", "", Map.of()).status())
                .isEqualTo(202);

        assertThat(contract.awaitEnd(id).path("state").asString()).isEqualTo("CANCELLED");
        assertThat(childrenOf(parent))
                .hasSize(40)
                .allMatch(child -> child.path("state").asString().equals("CANCELLED"));
    }

    @Test
    void a_fan_out_posts_the_same_body_to_each_of_its_children() {
        JsonNode parent = contract.accept(Map.of("code", "BOTH", "submitter", key, "body", Map.of("key", key)));

        JsonNode ended = contract.awaitEnd(parent.path("id").asString());

        assertThat(ended.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(ended.path("children").path("total").asInt()).isEqualTo(2);
        assertThat(contract.world.calls(key)).hasSize(2);
        assertThat(contract.api.runs(parent.path("id").asString()))
                .singleElement()
                .satisfies(run -> assertThat(run.path("outcome").asString()).isEqualTo("FANNED_OUT"));
        assertProblem(
                contract.api.post(Map.of("code", "BOTH", "body", Map.of())), 422, "invalid-event", "/body", "/body");
    }

    @Test
    void ten_thousand_lines_are_one_batch() {
        String lines = IntStream.range(0, LARGEST)
                .mapToObj(i -> "{\"code\":\"NOOP\",\"requestId\":\"" + key + "-" + i + "\",\"body\":{\"i\":" + i + "}}")
                .collect(Collectors.joining("\n"));
        String path = "batches?submitter=" + key + "&requestId=" + key;

        JsonNode parent = accepted(contract.api.send("POST", path, bytes(lines), LINES));
        assertThat(parent.path("requestId").asString()).isEqualTo(key);
        assertThat(accepted(contract.api.send("POST", path, bytes(lines), LINES))
                        .path("id"))
                .as("repeated")
                .isEqualTo(parent.path("id"));

        JsonNode ended = Awaitility.await()
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> contract.api.job(parent.path("id").asString()),
                        job -> Contract.ENDED.contains(job.path("state").asString()));
        assertThat(ended.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(ended.path("children").path("succeeded").asInt()).isEqualTo(LARGEST);
        JsonNode chain = contract.api
                .get("jobs/" + parent.path("id").asString() + "/chain")
                .body();
        assertThat(chain.path("children")).hasSize(LARGEST - 1);
        assertThat(chain.path("omitted").asString()).contains("more than 10000 jobs");
        assertProblem(
                contract.api.send("POST", path + "-x", bytes(lines + "\n{\"code\":\"NOOP\"}"), LINES),
                422,
                "invalid-event",
                "/items");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                               | /items
            {"items": []}                                    | /items
            {"items": {}}                                    | /items
            {"items": [{"code": "NOOP"}], "priority": 3}     | /priority
            {"items": [{"code": "NOOP"}], "submitter": 7}    | /submitter
            """)
    void a_malformed_batch_is_refused(String batch, String pointer) {
        assertProblem(contract.api.post("batches", batch, Contract.JSON), 422, "invalid-event", pointer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"code": "NONE"}                                 | /items/1/code
            {"code": "BATCH"}                                | /items/1/code
            {"code": "NOOP", "priority": 10}                 | /items/1/priority
            {"code": "START_EC2", "body": {"instanceId": 7}} | /items/1/body/instanceId
            {"code": "NOOP", "colour": "red"}                | /items/1/colour
            7                                                | /items/1
            """)
    void one_bad_item_is_named_and_nothing_is_stored(String item, String pointer) {
        List<String> before = contract.stored(key);
        String good = "{\"code\":\"NOOP\",\"submitter\":\"" + key + "\"}";

        Response json = contract.api.post("batches", "{\"items\":[" + good + "," + item + "]}", Contract.JSON);
        Response lines = contract.api.send("POST", "batches", bytes(good + "\n" + item + "\n"), LINES);

        for (Response response : List.of(json, lines)) {
            assertProblem(response, 422, "invalid-event", pointer);
            assertThat(response.body().path("index").asInt()).isEqualTo(1);
        }
        assertThat(contract.stored(key)).isEqualTo(before);
    }

    @Test
    void an_item_whose_request_id_is_known_is_named_and_nothing_is_stored() {
        contract.accept(Map.of("code", "NOOP", "requestId", key, "submitter", key));
        List<String> before = contract.stored(key);

        Response response = post(Map.of(
                "submitter", key, "items", List.of(Map.of("code", "NOOP"), Map.of("code", "NOOP", "requestId", key))));

        assertProblem(response, 422, "invalid-event", "/items/1/requestId");
        assertThat(response.body().path("index").asInt()).isEqualTo(1);
        assertThat(contract.stored(key)).isEqualTo(before);
    }

    @Test
    void a_line_that_is_not_json_is_named() {
        Response response = contract.api.send("POST", "batches", bytes("{\"code\":\"NOOP\"}\n{oops\n"), LINES);

        assertProblem(response, 400, "malformed-json");
        assertThat(response.body().path("index").asInt()).isEqualTo(1);
    }

    @Test
    void a_batch_may_be_longer_than_an_event_and_not_endless() {
        String item = "{\"code\":\"NOOP\",\"body\":\"" + "x".repeat(200_000) + "\"}";

        assertThat(accepted(contract.api.send("POST", "batches", bytes((item + "\n").repeat(10)), LINES))
                        .path("children")
                        .path("total")
                        .asInt())
                .isEqualTo(10);
        assertProblem(contract.api.send("POST", "batches", bytes((item + "\n").repeat(22)), LINES), 413, "too-large");
    }

    /** The server has fewer threads than that, and refuses a body only if none of them has to wait for it. */
    @Test
    void batches_that_stall_hold_nobody_up_however_their_path_is_written() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < STALLED; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), contract.server.port());
                sockets.add(socket);
                socket.setSoTimeout((int) Duration.ofMinutes(1).toMillis());
                String path = i % 2 == 0 ? "%62atches" : "./batches;a=b";
                socket.getOutputStream().write(bytes("POST /api/" + path + """
                         HTTP/1.1\r
                        Host: 127.0.0.1\r
                        Content-Type: application/x-ndjson\r
                        Content-Length: 500000\r
                        \r
                        {"code":"""));
            }
            contract.accept(Map.of("code", "NOOP", "body", Map.of()));
            for (Socket socket : sockets) {
                assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                                .readLine())
                        .startsWith("HTTP/1.1 408 ");
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
