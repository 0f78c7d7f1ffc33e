package azukari;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ApiClient;
import azukari.testing.Ends;
import azukari.testing.ItFolder;
import azukari.testing.Marketplace;
import azukari.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Products published on marketplaces that refuse more calls than their limit. */
@Execution(ExecutionMode.CONCURRENT)
class ChannelsIT {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration END = Duration.ofSeconds(90);
    private static final int PRODUCTS = 400;
    private static final int WARM_UP = 60;
    private static final int RATE = 20;
    private static final Duration CALL = Duration.ofMillis(500);
    private static final Duration FLOOR =
            Duration.ofMillis(PRODUCTS * 1000L / RATE).plus(CALL);
    private static final List<String> NAMES = List.of("north", "south", "west");

    private List<Marketplace> marketplaces;
    private ServerProcess server;

    @BeforeEach
    void start() throws IOException {
        marketplaces = NAMES.stream().map(name -> new Marketplace(RATE, CALL)).toList();
        Path catalog = ItFolder.fresh("channels-catalog");
        StringBuilder channels = new StringBuilder("channels:\n");
        for (int i = 0; i < NAMES.size(); i++) {
            String name = NAMES.get(i);
            channels.append("  - {name: ").append(name).append(", rate: 20/s, concurrency: 20}\n");
            Files.writeString(catalog.resolve(name + ".yaml"), """
                    code: UPLOAD_TO_%s
                    title: Publish a product
                    description: Publishes a product on a marketplace.
                    owner: tests
                    body: {type: object, required: [productId], properties: {productId: {type: string}}}
                    examples: [{productId: P-1}]
                    handler: {http: {url: "%s"}}
                    channel: %s
                    """.formatted(
                            name.toUpperCase(Locale.ROOT), marketplaces.get(i).url("/products"), name));
        }
        Files.writeString(catalog.resolve("channels.yaml"), channels.toString());
        server = ServerProcess.named("channels").catalog(catalog).build();
        server.start().awaitReady(START);
    }

    @AfterEach
    void stop() {
        server.close();
        marketplaces.forEach(Marketplace::close);
    }

    @Test
    void each_marketplace_is_called_as_fast_as_it_allows_and_never_faster() {
        ApiClient api = new ApiClient(server.uri());
        publish(api, "warm", WARM_UP);
        Ends.awaitAll(api, END);

        publish(api, "P", PRODUCTS);
        Ends.awaitAll(api, END);

        for (Marketplace marketplace : marketplaces) {
            assertThat(marketplace.refused()).isZero();
            assertThat(marketplace.most()).isLessThanOrEqualTo(RATE);
            assertThat(marketplace.effects())
                    .hasSize(WARM_UP + PRODUCTS)
                    .allSatisfy((key, effects) -> assertThat(effects.get()).isEqualTo(1));
            List<Long> begun = marketplace.begun();
            Duration took = Duration.ofNanos(begun.get(begun.size() - 1) - begun.get(WARM_UP))
                    .plus(CALL);
            // How close it comes to the floor is measured on a quiet machine; here, it shares two processors with other
            // tests.
            assertThat(took).isLessThan(FLOOR.multipliedBy(2));
        }
        assertThat(api.get("channels/north").body().path("inFlight").asInt()).isZero();
    }

    private static void publish(ApiClient api, String product, int count) {
        for (int i = 0; i < count; i++) {
            for (String name : NAMES) {
                Map<String, ?> event = Map.of(
                        "code",
                        "UPLOAD_TO_" + name.toUpperCase(Locale.ROOT),
                        "body",
                        Map.of("productId", product + "-" + i));
                assertThat(api.post(event).status()).isEqualTo(202);
            }
        }
    }
}
