package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.ApiClient;
import azukari.testing.BrokerProcess;
import azukari.testing.Postgres;
import azukari.testing.RecordingTarget;
import azukari.testing.RecordingTarget.Begun;
import azukari.testing.ServerProcess;
import azukari.testing.TestCatalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.json.JsonMapper;

/** Each limit holds over two nodes as over one; with {@code -Plong}, for as many jobs as the product is held to. */
@Execution(ExecutionMode.CONCURRENT)
class LimitsOfTwoNodesIT {
    private static final boolean LONG = Boolean.getBoolean("limits.long");
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration END = LONG ? Duration.ofMinutes(20) : Duration.ofMinutes(2);
    private static final Duration CALL = Duration.ofMillis(200);
    /** So long that on a slow machine, too, all keys have begun one before the first has ended. */
    private static final Duration LONG_CALL = Duration.ofMillis(500);

    private static final Duration SHORT_CALL = Duration.ofMillis(5);
    /** As the marketplaces count (the spacing of slots is made for a second). */
    private static final Duration WINDOW = Duration.ofMillis(950);

    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final int BATCH = 10_000;
    private static final int FAST = 50;
    private static final int SLOW = 10;

    private static RecordingTarget exclusive;
    private static RecordingTarget locked;
    private static RecordingTarget shops;
    private static RecordingTarget wide;
    private static Postgres.Database database;
    private static BrokerProcess broker;
    private static ServerProcess first;
    private static ServerProcess second;

    @BeforeAll
    static void start() throws IOException {
        exclusive = new RecordingTarget(SHORT_CALL);
        locked = new RecordingTarget(LONG_CALL);
        shops = new RecordingTarget(SHORT_CALL);
        wide = new RecordingTarget(CALL);
        TestCatalog catalog = TestCatalog.named("limits-catalog")
                .calling("EXCLUSIVE", exclusive.uri(), "channel: one")
                .calling("LOCKED", locked.uri(), "lockKey: /key")
                .calling("SHOP", shops.uri(), "channel: {name: shop, per: /key}")
                .calling("WIDE", wide.uri(), "channel: wide");
        Files.writeString(catalog.folder().resolve("channels.yaml"), """
                channels:
                  - {name: one, concurrency: 1}
                  - {name: shop, rate: 2/s}
                  - {name: wide, rate: %d/s, concurrency: 100}
                """.formatted(FAST));
        database = Postgres.shared().createDatabase();
        broker = BrokerProcess.named("limits-broker").start(START);
        first = node("limits-first", catalog).start();
        first.awaitReady(START);
        second = node("limits-second", catalog).start();
        second.awaitReady(START);
    }

    private static ServerProcess node(String name, TestCatalog catalog) {
        return ServerProcess.named(name)
                .database(database)
                .broker(broker)
                .env("AZUKARI_RESCUE", "4s")
                .catalog(catalog.folder())
                .build();
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable each : new AutoCloseable[] {first, second, broker, exclusive, locked, shops, wide}) {
            if (each != null) {
                try {
                    each.close();
                } catch (Exception e) {
                    throw new AssertionError("not closed: " + each, e);
                }
            }
        }
    }

    @AfterEach
    void nothing_is_held_by_nobody() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet left =
                        statement.executeQuery("SELECT (SELECT COUNT(*) FROM permit), (SELECT COUNT(*) FROM outbox)")) {
            assertThat(left.next()).isTrue();
            assertThat(List.of(left.getInt(1), left.getInt(2)))
                    .as("permits, messages not sent")
                    .containsOnly(0);
        }
        for (String channel : List.of("one", "shop", "wide")) {
            assertThat(client(second)
                            .get("channels/" + channel)
                            .body()
                            .path("inFlight")
                            .asInt())
                    .isZero();
        }
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void a_concurrency_of_1_is_never_2_whichever_node_is_killed() {
        int jobs = LONG ? BATCH : 400;
        int kills = LONG ? 10 : 2;
        List<String> batches = post("EXCLUSIVE", jobs, i -> "one");

        for (int kill = 1; kill <= kills; kill++) {
            int until = jobs * kill / (kills + 1);
            await("call " + until).atMost(END).until(() -> exclusive.calls().size() >= until);
            ServerProcess victim = kill % 2 == 1 ? first : second;
            victim.kill9();
            victim.start().awaitReady(START);
        }
        awaitSuccess(batches);

        assertThat(exclusive.most("one")).isEqualTo(1);
        assertThat(exclusive.calls()).hasSizeBetween(jobs, jobs + kills);
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void of_each_lock_key_one_job_runs_at_a_time_in_the_order_of_acceptance() {
        int keys = 50;
        int each = LONG ? 200 : 8;

        awaitSuccess(post("LOCKED", keys * each, i -> "key-" + i % keys));

        assertThat(locked.byKey()).hasSize(keys).allSatisfy((key, calls) -> {
            assertThat(calls.stream().map(Begun::number)).isSorted().hasSize(each);
            assertThat(locked.most(key)).isEqualTo(1);
        });
        assertThat(locked.mostKeys()).as("keys busy at a time").isEqualTo(keys);
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void each_key_has_the_rate_for_itself_and_all_are_served_at_the_same_time() {
        int sellers = LONG ? 10_000 : 100;
        int each = 5;
        long begin = System.nanoTime();

        awaitSuccess(post("SHOP", sellers * each, i -> "seller-" + i % sellers));

        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        System.out.printf("%d jobs of %d keys: %d ms%n", sellers * each, sellers, took.toMillis());
        Map<String, List<Begun>> calls = shops.byKey();
        assertThat(calls).hasSize(sellers).allSatisfy((key, own) -> {
            assertThat(own).hasSize(each);
            assertThat(RecordingTarget.mostIn(WINDOW, own)).isLessThanOrEqualTo(2);
        });
        assertThat(servedBefore(shops.calls(), sellers * each / 2))
                .as("sellers served when half of the jobs are done")
                .isGreaterThan(sellers * 9 / 10);
    }

    private static long servedBefore(List<Begun> calls, int count) {
        return calls.stream().limit(count).map(Begun::key).distinct().count();
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void a_changed_limit_a_pause_and_a_resumption_hold_within_a_second_on_both_nodes() {
        List<String> batches = post("WIDE", 600, i -> "wide");
        await("calls at the full rate")
                .atMost(END)
                .until(() -> begunIn(wide, System.nanoTime() - A_SECOND.toNanos()) > FAST / 2);

        change(first, "{\"rate\": \"%d/s\"}".formatted(SLOW));
        assertBegun(1, SLOW);
        post(second, "channels/wide/pause");
        assertBegun(0, 0);
        post(first, "channels/wide/resume");
        assertBegun(1, SLOW);
        change(second, "{\"rate\": \"%d/s\"}".formatted(FAST));
        assertBegun(SLOW + 1, FAST);

        awaitSuccess(batches);
        assertThat(RecordingTarget.mostIn(WINDOW, wide.calls())).isLessThanOrEqualTo(FAST);
    }

    /** A second after what was just done, so many calls begin in a second. */
    private static void assertBegun(int least, int most) {
        long from = System.nanoTime() + A_SECOND.toNanos();
        await("two seconds").atMost(END).until(() -> System.nanoTime() - from > A_SECOND.toNanos());
        assertThat(begunIn(wide, from)).isBetween(least, most);
    }

    private static int begunIn(RecordingTarget target, long from) {
        return (int) target.calls().stream()
                .filter(call -> call.at() - from >= 0 && call.at() - from < A_SECOND.toNanos())
                .count();
    }

    private static void change(ServerProcess server, String limits) {
        ApiClient.Response changed = client(server)
                .send(
                        "PUT",
                        "channels/wide",
                        limits.getBytes(StandardCharsets.UTF_8),
                        Map.of("Content-Type", "application/json"));
        assertThat(changed.status()).as("%s", changed.body()).isEqualTo(200);
    }

    private static void post(ServerProcess server, String path) {
        assertThat(client(server).post(path, "", Map.of()).status()).isEqualTo(200);
    }

    /** Posts a number of jobs as batches, to both nodes in turn; returns the batches' ids. */
    private static List<String> post(String code, int jobs, IntFunction<String> key) {
        List<String> batches = new ArrayList<>();
        for (int from = 0; from < jobs; from += BATCH) {
            List<Map<String, Object>> items = IntStream.range(from, Math.min(jobs, from + BATCH))
                    .mapToObj(
                            i -> Map.<String, Object>of("code", code, "body", Map.of("key", key.apply(i), "number", i)))
                    .toList();
            ApiClient.Response accepted = client(batches.size() % 2 == 0 ? first : second)
                    .post(
                            "batches",
                            JsonMapper.shared().writeValueAsString(Map.of("items", items)),
                            Map.of("Content-Type", "application/json"));
            assertThat(accepted.status()).as("%s", accepted.body()).isEqualTo(202);
            batches.add(accepted.body().path("id").asString());
        }
        return batches;
    }

    private static void awaitSuccess(List<String> batches) {
        for (String batch : batches) {
            await("the batch to end")
                    .atMost(END)
                    .pollInterval(Duration.ofMillis(250))
                    .until(() ->
                            client(second).job(batch).path("state").asString().equals("SUCCEEDED"));
        }
    }

    private static ApiClient client(ServerProcess server) {
        return new ApiClient(server.uri(), Duration.ofSeconds(30));
    }
}
