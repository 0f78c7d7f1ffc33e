package azukari;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ApiClient;
import azukari.testing.Ends;
import azukari.testing.Marketplace;
import azukari.testing.Marketplaces;
import azukari.testing.ServerProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** Products published on marketplaces that refuse more calls than their limit. */
@Execution(ExecutionMode.CONCURRENT)
class ChannelsIT {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration END = Duration.ofSeconds(90);
    private static final int RATE = 20;
    private static final Duration CALL = Duration.ofMillis(500);

    @Test
    void each_marketplace_is_called_as_fast_as_it_allows_and_never_faster() {
        int warmUp = 60;
        int products = 400;
        try (Marketplaces marketplaces = new Marketplaces(RATE, CALL);
                ServerProcess server = ServerProcess.named("channels")
                        .catalog(marketplaces.catalog("channels-catalog", 20))
                        .build()
                        .start()
                        .awaitReady(START)) {
            ApiClient api = new ApiClient(server.uri());
            Marketplaces.publish(api, "warm", warmUp);
            Ends.awaitAll(api, END);

            String batch = Marketplaces.publish(api, "P", products);
            Ends.awaitAll(api, END);

            assertThat(api.job(batch).path("state").asString()).isEqualTo("SUCCEEDED");
            Duration floor = Duration.ofMillis(products * 1000L / RATE).plus(CALL);
            for (Marketplace marketplace : marketplaces.all()) {
                assertNeverTooFast(marketplace);
                assertThat(marketplace.effects())
                        .hasSize(warmUp + products)
                        .allSatisfy((key, effects) -> assertThat(effects.get()).isEqualTo(1));
                List<Long> begun = marketplace.begun();
                Duration took = Duration.ofNanos(begun.get(begun.size() - 1) - begun.get(warmUp))
                        .plus(CALL);
                // How close it comes to the floor is measured on a quiet machine; here, it shares two processors with
                // other tests.
                assertThat(took).isLessThan(floor.multipliedBy(2));
            }
            JsonNode north = api.get("channels/north").body();
            assertThat(north.path("inFlight").asInt()).isZero();
            assertThat(north.path("callsPerSecond").asDouble()).isBetween(RATE / 4.0, RATE + 0.1);
        }
    }

    @Test
    void a_lane_with_fewer_sessions_than_the_channels_could_use_is_full_and_never_too_fast() {
        int products = 40;
        int sessions = 5;
        try (Marketplaces marketplaces = new Marketplaces(RATE, CALL);
                ServerProcess server = ServerProcess.named("channels-short-lane")
                        .catalog(marketplaces.catalog("channels-short-lane-catalog", 20))
                        .env("AZUKARI_LANE_OUTSIDE_MAX_SESSIONS", Integer.toString(sessions))
                        .build()
                        .start()
                        .awaitReady(START)) {
            ApiClient api = new ApiClient(server.uri());

            String batch = Marketplaces.publish(api, "P", products);
            Ends.awaitAll(api, END);

            assertThat(api.job(batch).path("state").asString()).isEqualTo("SUCCEEDED");
            long calls = 0;
            long first = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            for (Marketplace marketplace : marketplaces.all()) {
                assertNeverTooFast(marketplace);
                assertThat(marketplace.effects()).hasSize(products);
                List<Long> begun = marketplace.begun();
                calls += begun.size();
                first = Math.min(first, begun.get(0));
                last = Math.max(last, begun.get(begun.size() - 1));
            }
            Duration took = Duration.ofNanos(last - first).plus(CALL);
            Duration floor = CALL.multipliedBy(calls).dividedBy(sessions);
            assertThat(took)
                    .as("the lane is full")
                    .isBetween(floor.multipliedBy(9).dividedBy(10), floor.multipliedBy(2));
        }
    }

    private static void assertNeverTooFast(Marketplace marketplace) {
        assertThat(marketplace.refused()).isZero();
        assertThat(marketplace.most()).isLessThanOrEqualTo(RATE);
    }
}
