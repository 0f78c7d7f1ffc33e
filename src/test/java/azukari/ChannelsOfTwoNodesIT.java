package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.ApiClient;
import azukari.testing.BrokerProcess;
import azukari.testing.Ends;
import azukari.testing.Marketplace;
import azukari.testing.Marketplaces;
import azukari.testing.Postgres;
import azukari.testing.ServerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two nodes share the limits of the outside, and one of them is killed and started again. */
@Execution(ExecutionMode.CONCURRENT)
class ChannelsOfTwoNodesIT {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration END = Duration.ofMinutes(2);
    private static final int PRODUCTS = 300;
    private static final int RATE = 20;
    private static final int CONCURRENCY = 20;
    private static final Duration CALL = Duration.ofMillis(500);

    @Test
    void a_killed_node_makes_no_marketplace_be_called_too_fast_and_leaves_no_permit_held() throws SQLException {
        Postgres.Database database = Postgres.shared().createDatabase();
        try (BrokerProcess broker =
                        BrokerProcess.named("channels-two-nodes-broker").start(START);
                Marketplaces marketplaces = new Marketplaces(RATE, CALL)) {
            Path catalog = marketplaces.catalog("channels-two-nodes-catalog", CONCURRENCY);
            try (ServerProcess first = node("channels-first", database, broker, catalog);
                    ServerProcess second = node("channels-second", database, broker, catalog)) {
                first.start().awaitReady(START);
                second.start().awaitReady(START);
                publishAndKill(first, second, marketplaces);
            }
        }
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet left = statement.executeQuery("SELECT (SELECT COUNT(*) FROM permit),"
                        + " (SELECT COUNT(*) FROM ended_child), (SELECT COUNT(*) FROM outbox)")) {
            assertThat(left.next()).isTrue();
            assertThat(List.of(left.getInt(1), left.getInt(2), left.getInt(3)))
                    .as("permits, ends not counted, messages not sent")
                    .containsOnly(0);
        }
    }

    private static void publishAndKill(ServerProcess first, ServerProcess second, Marketplaces marketplaces) {
        ApiClient api = new ApiClient(first.uri());
        String batch = Marketplaces.publish(api, "P", PRODUCTS);
        Marketplace north = marketplaces.all().get(0);
        await("a third of the calls").atMost(END).until(() -> north.begun().size() > PRODUCTS / 3);

        second.kill9();
        second.start().awaitReady(START);
        Ends.awaitAll(api, END);

        assertThat(api.job(batch).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(api.job(batch).path("children").path("succeeded").asInt()).isEqualTo(PRODUCTS);
        int repeated = 0;
        for (Marketplace marketplace : marketplaces.all()) {
            assertThat(marketplace.refused()).isZero();
            assertThat(marketplace.effects()).as("by idempotency key").hasSize(PRODUCTS);
            repeated += marketplace.begun().size() - PRODUCTS;
        }
        assertThat(repeated).as("calls of the dead node").isBetween(0, 3 * CONCURRENCY);
        System.out.printf("channels of two nodes: %d calls made twice after the kill%n", repeated);
    }

    private static ServerProcess node(String name, Postgres.Database database, BrokerProcess broker, Path catalog) {
        return ServerProcess.named(name)
                .database(database)
                .broker(broker)
                .env("AZUKARI_RESCUE", "4s")
                .env("AZUKARI_LANE_OUTSIDE_MAX_SESSIONS", "30")
                .catalog(catalog)
                .build();
    }
}
