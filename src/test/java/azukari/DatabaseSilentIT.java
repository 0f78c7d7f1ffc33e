package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.ApiClient;
import azukari.testing.Ends;
import azukari.testing.Postgres;
import azukari.testing.ServerProcess;
import azukari.testing.SilentProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A PostgreSQL that vanishes without a word: no connection is reset, and no answer comes. Where the server runs, i has another
 * upper case.
 */
@Execution(ExecutionMode.CONCURRENT)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DatabaseSilentIT {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration NOTICED = Duration.ofSeconds(15);
    /** The longest wait for an answer on a connection, and what a busy machine adds. */
    private static final Duration RECOVERED = Duration.ofSeconds(60);

    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    /** How long a client of the database waits for an answer. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private static final int MORE_THAN_THREADS = 600;
    private static final int LOOKS = 10;
    private static final String EVENT = """
            POST /api/events HTTP/1.1\r
            Host: 127.0.0.1\r
            Content-Type: application/json\r
            Content-Length: 25\r
            \r
            {"code":"NOOP","body":{}}""";

    private static Postgres.Database database;
    private static SilentProxy proxy;
    private static ServerProcess server;

    @BeforeAll
    static void start() {
        database = Postgres.shared().createDatabase();
        URI address = URI.create(database.url().substring("jdbc:".length()));
        proxy = SilentProxy.to(address.getPort());
        server = ServerProcess.named("database-silent")
                .database(database)
                .env("AZUKARI_DB_URL", database.url().replace(":" + address.getPort() + "/", ":" + proxy.port() + "/"))
                .env("AZUKARI_RESCUE", "4s")
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
        proxy.close();
    }

    /** Who asks has been answered with 503 by then; the database must not be left with one more backend for each try. */
    @Test
    @Order(1)
    @Execution(ExecutionMode.SAME_THREAD)
    void what_waits_for_a_lock_for_too_long_is_ended_by_the_database() throws SQLException {
        ApiClient api = new ApiClient(server.uri(), Duration.ofSeconds(45));
        try (Connection operator = database.connect();
                Statement lock = operator.createStatement();
                Connection other = database.connect();
                Statement look = other.createStatement()) {
            operator.setAutoCommit(false);
            lock.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE");
            assertThat(api.post(Map.of("code", "NOOP", "body", Map.of())).status())
                    .isEqualTo(503);
            await("whoever has waited for longer than a client does to be gone")
                    .atMost(ANSWER)
                    .during(AT_ONCE)
                    .until(() -> waitingLongerThan(look, ANSWER) == 0);
            operator.rollback();
        }
        await("the node to be ready").atMost(RECOVERED).until(server::isReady);
    }

    private static int waitingLongerThan(Statement statement, Duration time) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                        + " AND clock_timestamp() > query_start + interval '" + time.toSeconds() + " s'")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    @Order(2)
    @Execution(ExecutionMode.SAME_THREAD)
    void a_database_that_vanishes_without_a_word_is_noticed_and_found_again() {
        ApiClient api = new ApiClient(server.uri(), Duration.ofSeconds(45));
        String soon = Instant.now().plusSeconds(1).toString();
        Map<String, Object> event = Map.of("code", "NOOP", "notBefore", soon, "body", Map.of());
        assertThat(api.post(event).status()).isEqualTo(202);
        Ends.awaitAll(api, RECOVERED);

        proxy.silence();

        await("the node to be unready").atMost(NOTICED).until(() -> !server.isReady());
        assertThat(api.get("health/live").status()).isEqualTo(200);
        Map<String, Object> other =
                Map.of("code", "NOOP", "requestId", UUID.randomUUID().toString(), "body", Map.of());
        assertThat(api.post(other).status()).isEqualTo(503);

        proxy.speak();

        await("the node to be ready again").atMost(RECOVERED).until(server::isReady);
        await("the same event to be accepted")
                .atMost(RECOVERED)
                .until(() -> api.post(other).status() == 202);
        Ends.awaitAll(api, RECOVERED);
        assertThat(api.jobs("state=SUCCEEDED")).hasSize(2);
    }

    /** The last one: the database stays silent. */
    @Test
    @Order(3)
    @Execution(ExecutionMode.SAME_THREAD)
    void health_is_answered_while_more_requests_wait_than_the_server_has_threads() throws IOException {
        proxy.silence();

        List<Socket> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < MORE_THAN_THREADS; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                waiting.add(socket);
                socket.setSoTimeout((int) RECOVERED.toMillis());
                socket.getOutputStream().write(EVENT.getBytes(StandardCharsets.US_ASCII));
            }
            ApiClient api = new ApiClient(server.uri(), AT_ONCE);
            for (int i = 0; i < LOOKS; i++) {
                assertThat(api.get("health/live").status()).isEqualTo(200);
                assertThat(api.get("health/ready").status()).isIn(200, 503);
            }
            for (Socket socket : waiting) {
                assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 503");
            }
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }
}
