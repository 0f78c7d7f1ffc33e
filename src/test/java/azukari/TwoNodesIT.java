package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Answer;
import azukari.testing.ApiClient;
import azukari.testing.ApiClient.Response;
import azukari.testing.BrokerProcess;
import azukari.testing.Call;
import azukari.testing.Ends;
import azukari.testing.HttpTarget;
import azukari.testing.ItFolder;
import azukari.testing.Postgres;
import azukari.testing.ServerProcess;
import azukari.testing.TestCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two nodes on one database and one broker: clients wait on one of them for jobs of the other (rule 20); one is paused
 * or dies, and the other takes over its work exactly once. The first only listens for hints, the second logs as JSON.
 */
@Execution(ExecutionMode.CONCURRENT)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoNodesIT {
    private static final String CODE = "TWO_NODES_WORK";
    private static final String THROWS = "TWO_NODES_THROWING_WORK";
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String FIRST = "two-nodes-first";
    private static final String SECOND = "two-nodes-second";

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

    private static Postgres.Database database;
    private static BrokerProcess broker;
    private static HttpTarget target;
    private static Path catalog;
    private static ServerProcess first;
    private static ServerProcess second;
    private static volatile CountDownLatch release;

    @BeforeAll
    static void startBoth() throws IOException {
        release = new CountDownLatch(1);
        database = Postgres.shared().createDatabase();
        broker = BrokerProcess.named("two-nodes-broker").start(START);
        target = HttpTarget.start().answer("/work", call -> whenReleased());
        catalog = catalog();
        first = node(FIRST).bytemanRules(NO_LOOK).build().start().awaitReady(START);
        second = node(SECOND)
                .jvmArgument("-Djava.util.logging.config.file=" + jsonLogging())
                .build()
                .start()
                .awaitReady(START);
    }

    @AfterAll
    static void stop() {
        release.countDown();
        for (ServerProcess server : new ServerProcess[] {first, second}) {
            if (server != null) {
                server.close();
            }
        }
        target.close();
        broker.close();
    }

    @Test
    @Order(1)
    @Execution(ExecutionMode.SAME_THREAD)
    void rule_20_a_hint_over_the_broker_wakes_waiting_clients_of_another_node() {
        assertThat(cancelledElsewhere(first, second)).isEqualTo("CANCELLED");
    }

    /** Each line is one object, also those with stack traces in them, and says which run it belongs to. */
    @Test
    @Order(2)
    @Execution(ExecutionMode.SAME_THREAD)
    void log_lines_of_a_run_are_json_objects_that_name_it() {
        ApiClient api = new ApiClient(second.uri());
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

    @Test
    @Order(3)
    @Execution(ExecutionMode.SAME_THREAD)
    void rule_20_without_a_broker_polling_once_a_second_does() {
        broker.kill9();
        try {
            assertThat(cancelledElsewhere(second, first)).isEqualTo("CANCELLED");
        } finally {
            broker.start(START);
        }
    }

    /** The last one: the second node is dead then. */
    @Test
    @Order(4)
    @Execution(ExecutionMode.SAME_THREAD)
    void the_work_of_a_paused_or_dead_node_is_taken_over_once() throws SQLException {
        ApiClient api = new ApiClient(second.uri());
        List<String> jobs = post(api, 24);
        awaitBothRun(jobs);
        List<String> taken = runningOn(FIRST, jobs);

        first.freeze();
        await("the paused node's runs to be taken back").atMost(PATIENCE).until(() -> runningOn(FIRST, jobs)
                .isEmpty());
        release.countDown();
        Ends.awaitAll(api, PATIENCE);
        first.thaw();
        await("the first node to begin anew").atMost(PATIENCE).until(() -> first.log()
                .contains("continues as incarnation"));
        await("the late ends to be refused")
                .atMost(PATIENCE)
                .until(() -> count(first.log(), "this end is ignored") == taken.size());
        assertThat(jobs).allSatisfy(job -> {
            assertThat(runs(api, job))
                    .isEqualTo(taken.contains(job) ? List.of("1 INTERRUPTED", "2 SUCCEEDED") : List.of("1 SUCCEEDED"));
            assertThat(callsOf(job)).isEqualTo(taken.contains(job) ? List.of(1L, 2L) : List.of(1L));
        });
        assertThat(api.notifications()).hasSize(jobs.size());

        release = new CountDownLatch(1);
        List<String> more = post(api, 24);
        awaitBothRun(more);
        List<String> orphaned = runningOn(SECOND, more);
        second.kill9();
        target.nextEpoch();
        await("the dead node's runs to be taken back").atMost(PATIENCE).until(() -> runningOn(SECOND, more)
                .isEmpty());
        release.countDown();
        ApiClient other = new ApiClient(first.uri());
        Ends.awaitAll(other, PATIENCE);
        assertThat(more).allSatisfy(job -> assertThat(runs(other, job))
                .isEqualTo(orphaned.contains(job) ? List.of("1 INTERRUPTED", "2 SUCCEEDED") : List.of("1 SUCCEEDED")));
        assertThat(other.notifications()).hasSize(jobs.size() + more.size());
        System.out.printf(
                "two nodes: %d of %d runs taken from the paused node, %d of %d from the dead one%n",
                taken.size(), jobs.size(), orphaned.size(), more.size());

        aNamesakeIsRefusedAndAtLevelDebugTheStackTraceIsShown();
        assertThat(first.isReady()).isTrue();
    }

    private static void aNamesakeIsRefusedAndAtLevelDebugTheStackTraceIsShown() {
        ServerProcess.Builder namesake =
                node("two-nodes-namesake").env("AZUKARI_NODE", FIRST).env("AZUKARI_LOG", "debug");
        try (ServerProcess refused = namesake.build().start()) {
            assertThat(refused.endedWithin(START)).as(refused.tail()).isTrue();
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.log().strip().lines().reduce((before, last) -> last))
                    .hasValueSatisfying(last -> assertThat(last)
                            .startsWith("Azukari did not start: ")
                            .contains("another process is running as node '" + FIRST));
            assertThat(refused.log()).contains("\tat azukari.");
        }
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
        return second.log()
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
        return Files.writeString(ItFolder.fresh("two-nodes-logging").resolve("logging.properties"), json);
    }

    /** Beside the work outside, a bundled handler that is given a body that its own schema would refuse, and throws. */
    private static Path catalog() throws IOException {
        Path folder = TestCatalog.named("two-nodes-catalog")
                .outside(CODE, target.uri("/work"), "timeout: 120s")
                .folder();
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

    private static ServerProcess.Builder node(String name) {
        return ServerProcess.named(name)
                .database(database)
                .broker(broker)
                .env("AZUKARI_RESCUE", "4s")
                // More jobs than one node takes at a time: the broker would give all to the first.
                .env("AZUKARI_LANE_OUTSIDE_MAX_SESSIONS", "16")
                .catalog(catalog);
    }

    private static Answer whenReleased() {
        try {
            release.await();
            return Answer.ok();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.closedConnection();
        }
    }

    private static List<String> post(ApiClient api, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> accepted(api.post(Map.of("code", CODE, "body", Map.of())))
                        .path("id")
                        .asString())
                .toList();
    }

    private static void awaitBothRun(List<String> jobs) {
        await("both nodes to run them").atMost(PATIENCE).until(() -> {
            int onFirst = runningOn(FIRST, jobs).size();
            int onSecond = runningOn(SECOND, jobs).size();
            return onFirst > 0 && onSecond > 0 && onFirst + onSecond == jobs.size();
        });
        await("all to be called").atMost(PATIENCE).until(() -> jobs.stream()
                .noneMatch(job -> callsOf(job).isEmpty()));
    }

    /** From the table itself: the API does not tell where a run is going on. */
    private static List<String> runningOn(String node, List<String> jobs) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement query = connection.prepareStatement(
                        "SELECT CAST(job AS varchar) FROM job_state WHERE state = 'RUNNING' AND node = ?")) {
            query.setString(1, node);
            try (ResultSet rows = query.executeQuery()) {
                List<String> found = new ArrayList<>();
                while (rows.next()) {
                    if (jobs.contains(rows.getString(1))) {
                        found.add(rows.getString(1));
                    }
                }
                return found;
            }
        }
    }

    private static List<String> runs(ApiClient api, String job) {
        return api.runs(job).stream()
                .map((JsonNode run) ->
                        run.path("number").asInt() + " " + run.path("outcome").asString())
                .toList();
    }

    private static List<Long> callsOf(String job) {
        return target.calls().stream()
                .filter(call -> call.job().equals(job))
                .map(Call::run)
                .toList();
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static JsonNode accepted(Response response) {
        assertThat(response.status()).as("%s", response.body()).isEqualTo(202);
        return response.body();
    }
}
