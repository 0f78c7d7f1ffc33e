package azukari.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.ApiClient;
import azukari.testing.ItFolder;
import azukari.testing.RawHttp;
import azukari.testing.ServerProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A server that starts, works, stops and starts again as it should, on a machine whose language has another upper case
 * of i: it prints a few lines, and no warning. The tests are the steps of one server's life, and build on each other.
 */
@Execution(ExecutionMode.CONCURRENT)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QuietStartIT {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CLIENTS = 12;
    private static final int UNDER_WAY = 200;
    private static final String TYPE = """
            code: IN_TURKISH
            title: A test's work
            description: Does nothing.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {bean: noop}
            """;

    private static ServerProcess server;

    private final AtomicInteger answered = new AtomicInteger();

    @BeforeAll
    static void start() throws IOException {
        Path catalog = ItFolder.fresh("quiet-start-catalog");
        Files.writeString(catalog.resolve("in-turkish.yaml"), TYPE);
        server = ServerProcess.named("quiet-start")
                .catalog(catalog)
                .jvmArgument("-Duser.language=tr")
                .jvmArgument("-Duser.country=TR")
                .build();
        server.start().awaitReady(START);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    @Order(1)
    @Execution(ExecutionMode.SAME_THREAD)
    void a_server_works_whatever_the_machines_language() {
        ApiClient api = new ApiClient(server.uri());
        String soon = Instant.now().plusSeconds(1).toString();

        String id = api.post(Map.of("code", "IN_TURKISH", "body", Map.of(), "notBefore", soon))
                .body()
                .path("id")
                .asString();

        await("the job that is due, in Turkish")
                .atMost(SOON)
                .until(() -> api.job(id).path("state").asString().equals("SUCCEEDED"));
        assertThat(api.jobs("code=IN_TURKISH&state=SUCCEEDED")).hasSize(1);
    }

    /** A stop answers each request that it has taken; who asks later finds nobody listening. */
    @Test
    @Order(2)
    @Execution(ExecutionMode.SAME_THREAD)
    void every_request_is_answered_or_refused_before_it_is_sent() {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<CompletableFuture<Map<String, Integer>>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(CompletableFuture.supplyAsync(() -> askUntilRefused(server.port()), threads));
            }
            await("some answers").atMost(PATIENCE).until(() -> answered.get() > UNDER_WAY);
            assertThat(server.terminate()).isZero();

            Map<String, Integer> statuses = new HashMap<>();
            clients.forEach(client -> statuses.putAll(client.join()));
            assertThat(statuses.values()).containsOnly(202);

            ApiClient api = new ApiClient(server.start().awaitReady(START).uri());
            await("all to end").atMost(PATIENCE).untilAsserted(() -> assertThat(api.jobs("code=NOOP"))
                    .hasSize(statuses.size())
                    .allSatisfy(job -> assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED")));
        } finally {
            threads.shutdownNow();
        }
    }

    /** The first start and its stop under load, and the second one with a stop when nothing is to be done. */
    @Test
    @Order(3)
    @Execution(ExecutionMode.SAME_THREAD)
    void a_start_and_a_stop_say_only_what_concerns_an_operator() {
        assertThat(server.terminate()).isZero();

        String log = server.log();
        int again = log.indexOf("==== start 2");
        assertQuiet(log.substring(0, again), "created at");
        assertQuiet(log.substring(again), "is at");
    }

    private static void assertQuiet(String log, String schema) {
        assertThat(log).doesNotContain("WARN ", "ERROR ", "\tat ");
        assertThat(log).doesNotContain("JdbcRuntimeExtension", "is away");
        assertThat(log.lines().filter(line -> line.contains("chema")))
                .singleElement()
                .asString()
                .matches(".* INFO {2}Schema: database schema " + schema + " version \\d+");
    }

    /** The status of each request; a connection that ends without an answer fails. */
    private Map<String, Integer> askUntilRefused(int port) {
        Map<String, Integer> statuses = new HashMap<>();
        try (RawHttp http = new RawHttp(port)) {
            while (true) {
                String id = UUID.randomUUID().toString();
                String event = "{\"code\":\"NOOP\",\"requestId\":\"" + id + "\",\"body\":{}}";
                RawHttp.Answer answer = http.send(
                        "POST",
                        "/api/events",
                        Map.of("Content-Type", "application/json"),
                        event.getBytes(StandardCharsets.UTF_8));
                statuses.put(id, answer.status());
                answered.incrementAndGet();
            }
        } catch (ConnectException e) {
            return statuses;
        } catch (IOException e) {
            throw new AssertionError("a request was sent and not answered", e);
        }
    }
}
