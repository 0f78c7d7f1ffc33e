package azukari;

import static azukari.testing.Ends.awaitAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Answer;
import azukari.testing.ApiClient;
import azukari.testing.BrokerProcess;
import azukari.testing.HttpTarget;
import azukari.testing.Postgres;
import azukari.testing.ServerProcess;
import azukari.testing.TestCatalog;
import azukari.testing.Trees;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** Rule 17: all messages in the broker are lost, and every job still ends with exactly one successful run. */
@Execution(ExecutionMode.CONCURRENT)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JournalLostIT {
    private static final String CODE = "JOURNAL_LOST_WORK";
    private static final int JOBS = 300;
    private static final int LARGE = 200_000;
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static HttpTarget target;
    private static ServerProcess server;

    /** The server with a broker of its own: it loses the journal, then the end of a message. */
    @BeforeAll
    static void start() {
        target = HttpTarget.start().answer("/work", call -> Answer.ok().after(Duration.ofMillis(200)));
        server = builder("journal-deleted").build();
        server.start().awaitReady(START);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        target.close();
    }

    @Test
    @Order(1)
    @Execution(ExecutionMode.SAME_THREAD)
    void rule_17_the_journal_is_deleted_while_the_server_is_down() throws IOException {
        List<String> jobs = submitAndKill(server);

        Trees.delete(server.dataFolder().resolve("broker"));
        server.start().awaitReady(START);

        allSucceed(server, jobs);
    }

    /** As a full disk leaves it: the broker keeps a large message in a file of its own. */
    @Test
    @Order(2)
    @Execution(ExecutionMode.SAME_THREAD)
    void a_large_message_that_lost_its_end_is_put_aside_and_its_job_is_sent_again() throws IOException {
        ApiClient api = new ApiClient(server.uri());
        api.post("queues/default/pause", "", Map.of());
        String job = api.post(Map.of("code", "NOOP", "body", Map.of("text", "x".repeat(LARGE))))
                .body()
                .path("id")
                .asString();
        Path folder = server.dataFolder().resolve("broker");
        await("the message to be sent: its file is there before") // Without it, the job would be sent anew.
                .atMost(PATIENCE)
                .until(() -> api.get("queues").body().findValues("messages").stream()
                        .anyMatch(messages -> messages.asInt() == 1));
        Path file = await("the message to have a file").atMost(PATIENCE).until(() -> largest(folder), Objects::nonNull);
        server.kill9();
        try (FileChannel whole = FileChannel.open(file, StandardOpenOption.WRITE)) {
            whole.truncate(LARGE / 2);
        }
        server.start().awaitReady(START);
        api.post("queues/default/resume", "", Map.of());

        awaitAll(api, PATIENCE);

        assertThat(api.job(job).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(api.get("queues/default/dead-letters").body().path("items")).hasSize(1);
    }

    @Test
    void rule_17_the_server_is_pointed_to_an_empty_other_broker() {
        try (Postgres postgres = Postgres.create();
                BrokerProcess first = BrokerProcess.named("broker-lost").start(START);
                BrokerProcess second = BrokerProcess.named("broker-new").start(START)) {
            Postgres.Database database = postgres.createDatabase();
            List<String> jobs;
            try (ServerProcess before = builder("broker-before")
                    .env("AZUKARI_NODE", "one")
                    .database(database)
                    .broker(first)
                    .build()) {
                jobs = submitAndKill(before.start().awaitReady(START));
            }
            try (ServerProcess after = builder("broker-after")
                    .env("AZUKARI_NODE", "one")
                    .database(database)
                    .broker(second)
                    .build()) {
                allSucceed(after.start().awaitReady(START), jobs);
            }
        }
    }

    /** The file of a large message; null if there is none. */
    private static Path largest(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file ->
                            file.toString().endsWith(".msg") && file.toFile().length() > LARGE)
                    .findFirst()
                    .orElse(null);
        }
    }

    private static ServerProcess.Builder builder(String name) {
        return ServerProcess.named(name)
                .env("AZUKARI_LANE_OUTSIDE_MAX_SESSIONS", "8")
                .catalog(TestCatalog.named(name + "-catalog")
                        .outside(CODE, target.uri("/work"), "timeout: 60s")
                        .folder());
    }

    /** Leaves most of the jobs on the wire. */
    private static List<String> submitAndKill(ServerProcess server) {
        ApiClient api = new ApiClient(server.uri());
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            jobs.add(api.post(Map.of("code", CODE, "body", Map.of()))
                    .body()
                    .path("id")
                    .asString());
        }
        await("some jobs to be done, and the outbox to be empty for most")
                .atMost(PATIENCE)
                .until(() -> api.job(jobs.get(10)).path("state").asString().equals("SUCCEEDED"));
        server.kill9();
        return jobs;
    }

    private static void allSucceed(ServerProcess server, List<String> jobs) {
        ApiClient api = new ApiClient(server.uri());
        awaitAll(api, PATIENCE);
        int repeated = 0;
        for (String job : jobs) {
            assertThat(api.job(job).path("state").asString()).isEqualTo("SUCCEEDED");
            List<JsonNode> runs = api.runs(job);
            assertThat(runs.stream()
                            .filter(run -> run.path("outcome").asString().equals("SUCCEEDED")))
                    .hasSize(1);
            repeated += runs.size() - 1;
        }
        assertThat(repeated)
                .as("only what was running when the process died runs again")
                .isLessThanOrEqualTo(8);
        assertThat(server.log()).contains("everything QUEUED is put on the wire again");
    }
}
