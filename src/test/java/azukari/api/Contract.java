package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.Answer;
import azukari.testing.ApiClient;
import azukari.testing.ApiClient.Response;
import azukari.testing.ServerProcess;
import azukari.testing.TestCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One running server for all tests of the contract, known only through its HTTP responses. It ends with the tests' JVM; each test uses its own
 * submitter to distinguish its jobs from those of other tests.
 */
final class Contract {
    static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    static final String PROBLEM = "urn:azukari:problem:";
    static final Duration SOON = Duration.ofSeconds(20);
    static final Set<String> ENDED = Set.of("SUCCEEDED", "FAILED", "CANCELLED", "UNCERTAIN");

    /** A time in UTC as in RFC 3339. */
    static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z";

    static final String UUID_V7 = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

    private static final String TARGET_TYPE = """
            code: %s
            title: A call
            description: Calls the tests' own target.
            owner: tests
            body: {type: object, required: [key], properties: {key: {type: string}}}
            examples: [{key: k}]
            handler: {http: {method: %s, url: "%s", timeout: 2s, headers: {X-Shop: s1}}}
            retry: {maxAttempts: %d, backoff: %s, factor: 1, jitter: 0}
            expireAfter: %s
            onSucceeded: [CREATE_ALARM]
            onFailed: [CREATE_ALARM]
            """;
    /** A port on which nobody listens, outside the range handed out to servers. */
    private static final String NOBODY = "http://127.0.0.1:1/call";

    private static Contract shared;

    final OutsideWorld world = new OutsideWorld();
    final ServerProcess server;
    final ApiClient api;

    private Contract() {
        URI slow = URI.create(world.url("/slow"));
        String twice = "timeout: 1s\nretry: {maxAttempts: 2, backoff: 200ms}\n";
        Path catalog = TestCatalog.named("contract-catalog")
                .outside("SLOW", slow, twice)
                .outside("SLOW_AND_NOT_REPEATABLE", slow, twice + "onCrash: ask")
                .folder();
        type(catalog, "CALL", "POST", world.url("/call"), 3, "200ms", "1h");
        type(catalog, "CALL_PUT", "PUT", world.url("/put"), 3, "200ms", "1h");
        type(catalog, "CALL_NOBODY", "POST", NOBODY, 2, "200ms", "1h");
        type(catalog, "CALL_PATIENT", "POST", world.url("/patient"), 3, "4s", "1h");
        type(catalog, "CALL_SHORT_LIVED", "POST", world.url("/short"), 1000, "1h", "2s");
        bothTypes(catalog);
        server = ServerProcess.named("contract")
                .catalog(catalog)
                .env("AZUKARI_MAX_BODY", "256KiB")
                .env("AZUKARI_HTTP_ALLOWED_HOSTS", "Jobs.example, 2001:db8::1")
                .build()
                .start()
                .awaitReady(Duration.ofMinutes(2));
        api = new ApiClient(server.uri(), Duration.ofSeconds(30));
    }

    static synchronized Contract shared() {
        if (shared == null) {
            shared = new Contract();
        }
        return shared;
    }

    /** Posting this calls the target twice, by two children. */
    private static void bothTypes(Path folder) {
        try {
            Files.writeString(folder.resolve("both.yaml"), """
                    code: BOTH
                    title: Two calls
                    description: Calls the tests' own target in two ways.
                    owner: tests
                    body: {type: object}
                    examples: [{key: k}]
                    handler: {fanOut: [CALL, CALL_PUT]}
                    onSucceeded: [CREATE_ALARM]
                    onFailed: [CREATE_ALARM]
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void type(
            Path folder, String code, String method, String url, int attempts, String backoff, String expireAfter) {
        try {
            Files.writeString(
                    folder.resolve(code.toLowerCase(java.util.Locale.ROOT) + ".yaml"),
                    TARGET_TYPE.formatted(code, method, url, attempts, backoff, expireAfter));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A name that no other test uses. */
    static String unique() {
        return "t-" + UUID.randomUUID();
    }

    /** Posts an event that must be accepted, and returns its job document. */
    JsonNode accept(Map<String, ?> event) {
        Response response = api.post(event);
        assertThat(response.status()).as("%s", response.body()).isEqualTo(202);
        return response.body();
    }

    JsonNode await(String job, Predicate<JsonNode> condition) {
        return Awaitility.await("job " + job)
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> api.job(job), condition);
    }

    JsonNode awaitEnd(String job) {
        return await(job, document -> ENDED.contains(document.path("state").asString()));
    }

    /** Posts a call whose target responds according to this script, one answer per run. */
    @SafeVarargs
    @SuppressWarnings("varargs") // copied, never written to
    final JsonNode call(String code, String key, Supplier<Answer>... answers) {
        if (answers.length > 0) {
            world.script(key, List.of(answers));
        }
        return accept(Map.of("code", code, "body", Map.of("key", key), "submitter", key));
    }

    /** Waits for the notification about a job. */
    JsonNode awaitNotification(String submitter, String job) {
        List<JsonNode> found = new ArrayList<>();
        Awaitility.await("a notification about " + job).atMost(SOON).until(() -> {
            found.clear();
            api.get("notifications?submitter=" + submitter).body().path("items").forEach(item -> {
                if (item.path("job").asString().equals(job)) {
                    found.add(item);
                }
            });
            return !found.isEmpty();
        });
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    /**
     * What can be seen of stored jobs: the newest of each event type that only clients post, and all of one submitter. It is the same before and after a request that stored
     * nothing.
     */
    List<String> stored(String submitter) {
        List<String> ids = new ArrayList<>();
        for (String query : List.of("code=NOOP&limit=1", "code=START_EC2&limit=1", "submitter=" + submitter)) {
            api.get("jobs?" + query)
                    .body()
                    .path("items")
                    .forEach(job -> ids.add(job.path("id").asString()));
        }
        return ids;
    }

    /** Asserts that the response is an RFC 9457 problem document with this status and type. */
    static void assertProblem(Response response, int status, String type, String... pointers) {
        assertThat(response.status()).as("%s", response.body()).isEqualTo(status);
        assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
        JsonNode problem = response.body();
        assertThat(problem.path("type").asString()).isEqualTo(PROBLEM + type);
        assertThat(problem.path("title").asString()).isNotBlank();
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("detail").asString()).isNotBlank();
        assertThat(problem.toString()).doesNotContain("Exception", "\tat ", "jakarta.", "tools.jackson");
        List<String> found = IntStream.range(0, problem.path("errors").size())
                .mapToObj(i -> problem.path("errors").get(i))
                .peek(error -> assertThat(error.path("detail").asString()).isNotBlank())
                .map(error -> error.path("pointer").asString())
                .toList();
        assertThat(found).containsExactlyInAnyOrderElementsOf(Arrays.asList(pointers));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
