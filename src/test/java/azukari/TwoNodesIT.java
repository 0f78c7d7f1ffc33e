package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Answer;
import azukari.testing.ApiClient;
import azukari.testing.BrokerProcess;
import azukari.testing.Call;
import azukari.testing.Ends;
import azukari.testing.HttpTarget;
import azukari.testing.Postgres;
import azukari.testing.ServerProcess;
import azukari.testing.TestCatalog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** Two nodes on one database and one broker: one is paused or dies, and the other takes over its work exactly once. */
@Execution(ExecutionMode.CONCURRENT)
class TwoNodesIT {
    private static final String CODE = "TWO_NODES_WORK";
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FIRST = "two-nodes-first";
    private static final String SECOND = "two-nodes-second";

    private Postgres.Database database;
    private BrokerProcess broker;
    private HttpTarget target;
    private ServerProcess first;
    private ServerProcess second;
    private volatile CountDownLatch release = new CountDownLatch(1);

    @BeforeEach
    void startBoth() {
        database = Postgres.shared().createDatabase();
        broker = BrokerProcess.named("two-nodes-broker").start(START);
        target = HttpTarget.start().answer("/work", call -> whenReleased());
        first = node(FIRST).build().start().awaitReady(START);
        second = node(SECOND).build().start().awaitReady(START);
    }

    @AfterEach
    void stop() {
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

        refusesToStart(
                node("two-nodes-namesake").env("AZUKARI_NODE", FIRST), "another process is running as node '" + FIRST);
        refusesToStart(
                node("two-nodes-neighbour")
                        .env("AZUKARI_DATA_DIR", first.dataFolder().toString()),
                "is in use by another Azukari process");
        assertThat(first.isReady()).isTrue();
    }

    private static void refusesToStart(ServerProcess.Builder builder, String reason) {
        try (ServerProcess refused = builder.build().start()) {
            assertThat(refused.endedWithin(START)).as(refused.tail()).isTrue();
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.log().strip().lines().reduce((before, last) -> last))
                    .hasValueSatisfying(last -> assertThat(last)
                            .startsWith("Azukari did not start: ")
                            .contains(reason));
        }
    }

    private ServerProcess.Builder node(String name) {
        return ServerProcess.named(name)
                .database(database)
                .broker(broker)
                .env("AZUKARI_RESCUE", "4s")
                // More jobs than one node takes at a time: the broker would give all to the first.
                .env("AZUKARI_LANE_OUTSIDE_MAX_SESSIONS", "16")
                .catalog(TestCatalog.named(name + "-catalog")
                        .outside(CODE, target.uri("/work"), "timeout: 120s")
                        .folder());
    }

    private Answer whenReleased() {
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

    private void awaitBothRun(List<String> jobs) {
        await("both nodes to run them").atMost(PATIENCE).until(() -> {
            int onFirst = runningOn(FIRST, jobs).size();
            int onSecond = runningOn(SECOND, jobs).size();
            return onFirst > 0 && onSecond > 0 && onFirst + onSecond == jobs.size();
        });
        await("all to be called").atMost(PATIENCE).until(() -> jobs.stream()
                .noneMatch(job -> callsOf(job).isEmpty()));
    }

    /** From the table itself: the API does not tell where a run is going on. */
    private List<String> runningOn(String node, List<String> jobs) throws SQLException {
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

    private List<Long> callsOf(String job) {
        return target.calls().stream()
                .filter(call -> call.job().equals(job))
                .map(Call::run)
                .toList();
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static JsonNode accepted(ApiClient.Response response) {
        assertThat(response.status()).as("%s", response.body()).isEqualTo(202);
        return response.body();
    }
}
