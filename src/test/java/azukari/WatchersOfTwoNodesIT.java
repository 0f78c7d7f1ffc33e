package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.ApiClient;
import azukari.testing.ApiClient.Response;
import azukari.testing.BrokerProcess;
import azukari.testing.ItFolder;
import azukari.testing.Postgres;
import azukari.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rule 20: clients waiting on one node for jobs on another. One node only listens for hints, the other one logs as JSON. */
@Execution(ExecutionMode.CONCURRENT)
class WatchersOfTwoNodesIT {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String THROWS = "WATCHERS_THROWING_WORK";

    /** The look once a second sees nothing, so only a hint can wake who waits. */
    private static final String NO_LOOK = """
            RULE the look once a second sees nothing
            CLASS azukari.watch.JobWatch
            METHOD differing
            AT ENTRY
            IF TRUE
            DO RETURN new java.util.HashSet()
            ENDRULE
            """;

    private static BrokerProcess broker;
    private static ServerProcess looking;
    private static ServerProcess listening;

    @BeforeAll
    static void startBoth() throws IOException {
        Postgres.Database database = Postgres.shared().createDatabase();
        broker = BrokerProcess.named("watchers-broker").start(START);
        Path catalog = catalog();
        looking = ServerProcess.named("watchers-looking")
                .database(database)
                .broker(broker)
                .catalog(catalog)
                .jvmArgument("-Djava.util.logging.config.file=" + jsonLogging())
                .build()
                .start()
                .awaitReady(START);
        listening = ServerProcess.named("watchers-listening")
                .database(database)
                .broker(broker)
                .catalog(catalog)
                .bytemanRules(NO_LOOK)
                .build()
                .start()
                .awaitReady(START);
    }

    @AfterAll
    static void stop() {
        listening.close();
        looking.close();
        broker.close();
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void rule_20_a_hint_over_the_broker_wakes_waiting_clients_of_another_node() {
        assertThat(cancelledElsewhere(listening, looking)).isEqualTo("CANCELLED");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void rule_20_without_a_broker_polling_once_a_second_does() {
        broker.kill9();
        try {
            assertThat(cancelledElsewhere(looking, listening)).isEqualTo("CANCELLED");
        } finally {
            broker.start(START);
        }
    }

    /** Each line is one object, also those with stack traces in them, and says which run it belongs to. */
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void log_lines_of_a_run_are_json_objects_that_name_it() {
        ApiClient api = new ApiClient(looking.uri());
        JsonNode logged = await("a run to be logged by the node that logs as JSON")
                .atMost(START)
                .until(
                        () -> {
                            // Either node may run it.
                            api.post(Map.of("code", THROWS, "body", Map.of("seconds", 0)));
                            return records().stream()
                                    .filter(line -> line.has("job") && line.has("error"))
                                    .findFirst()
                                    .orElse(null);
                        },
                        found -> found != null);

        String job = logged.path("job").asString();
        assertThat(logged.path("level").asString()).isEqualTo("WARN");
        assertThat(logged.path("logger").asString()).isEqualTo("azukari.dispatch.Runner");
        assertThat(logged.path("message").asString())
                .contains("job " + job)
                .contains("its handler threw")
                .doesNotContain("[job=");
        assertThat(logged.path("error").asString())
                .contains("NullPointerException")
                .contains("\n\tat ");
        assertThat(logged.path("root").asString()).isEqualTo(job);
        assertThat(logged.path("run").asInt()).isEqualTo(1);
        assertThat(Instant.parse(logged.path("time").asString())).isBefore(Instant.now());
        assertThat(api.knows(job)).isTrue();
        assertThat(records())
                .allSatisfy(line -> assertThat(line.propertyNames()).contains("time", "level", "logger", "message"));
    }

    /** How the job that is waited for on one node, and cancelled on another, is shown to who waits. */
    private static String cancelledElsewhere(ServerProcess here, ServerProcess there) {
        ApiClient waiting = new ApiClient(here.uri(), Duration.ofSeconds(70));
        ApiClient cancelling = new ApiClient(there.uri());
        String job = cancelling
                .post(Map.of(
                        "code",
                        "NOOP",
                        "body",
                        Map.of(),
                        "notBefore",
                        Instant.now().plusSeconds(3600).toString()))
                .body()
                .path("id")
                .asString();
        Response before = waiting.get("jobs/" + job);
        CompletableFuture<Response> answer = CompletableFuture.supplyAsync(() -> waiting.send(
                "GET", "jobs/" + job, null, Map.of("Prefer", "wait=60", "If-None-Match", before.header("ETag"))));
        await("the wait to be known").atMost(SOON).until(() -> waiters(here) > 0);

        assertThat(cancelling
                        .send("POST", "jobs/" + job + "/cancel", null, Map.of())
                        .status())
                .isEqualTo(202);

        assertThat(answer).as("not only when the wait is over").succeedsWithin(SOON);
        return answer.join().body().path("state").asString();
    }

    private static double waiters(ServerProcess server) {
        return new ApiClient(server.uri()).metric("azukari_clients_watching");
    }

    /** What the node printed that logs as JSON, but for what the launcher says to people. */
    private static List<JsonNode> records() {
        return looking.log()
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }

    private static Path jsonLogging() throws IOException {
        String lines = Files.readString(Path.of("server-config", "payara-micro", "logging.properties"));
        String json =
                lines.replace("#azukari.launcher.LineHandler.formatter", "azukari.launcher.LineHandler.formatter");
        assertThat(json).isNotEqualTo(lines);
        return Files.writeString(ItFolder.fresh("watchers-logging").resolve("logging.properties"), json);
    }

    /** A bundled handler is given a body that its own schema would refuse, and throws. */
    private static Path catalog() throws IOException {
        Path folder = ItFolder.fresh("watchers-catalog");
        Files.writeString(folder.resolve("throws.yaml"), """
                code: %s
                title: Work that throws
                description: The handler misses what it needs.
                owner: tests
                body: {type: object}
                examples: [{}]
                handler: {bean: startEc2}
                lane: long
                retry: {maxAttempts: 1}
                """.formatted(THROWS));
        return folder;
    }
}
