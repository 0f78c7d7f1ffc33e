package azukari.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** Three marketplaces on which products are published, each as often a second as its channel says and never more often. */
public final class Marketplaces implements AutoCloseable {
    private static final List<String> NAMES = List.of("north", "south", "west");

    private final int rate;
    private final List<Marketplace> all;

    /**
     * Opens them.
     *
     * @param rate how many calls may begin in a second
     * @param took how long a call takes
     */
    public Marketplaces(int rate, Duration took) {
        this.rate = rate;
        this.all = NAMES.stream().map(name -> new Marketplace(rate, took)).toList();
    }

    public List<Marketplace> all() {
        return all;
    }

    /** The event types: one for each marketplace, and one that publishes on all of them. */
    public Path catalog(String folder, int concurrency) {
        Path catalog = ItFolder.fresh(folder);
        StringBuilder channels = new StringBuilder("channels:\n");
        try {
            for (int i = 0; i < NAMES.size(); i++) {
                String name = NAMES.get(i);
                channels.append("  - {name: %s, rate: %d/s, concurrency: %d}%n".formatted(name, rate, concurrency));
                Files.writeString(catalog.resolve(name + ".yaml"), """
                        code: UPLOAD_TO_%s
                        title: Publish a product on one marketplace
                        description: Publishes a product.
                        owner: tests
                        body: {type: object, required: [productId], properties: {productId: {type: string}}}
                        examples: [{productId: P-1}]
                        handler: {http: {url: "%s"}}
                        channel: %s
                        """.formatted(
                                name.toUpperCase(Locale.ROOT), all.get(i).url("/products"), name));
            }
            Files.writeString(catalog.resolve("channels.yaml"), channels.toString());
            Files.writeString(catalog.resolve("publish.yaml"), """
                    code: PUBLISH
                    title: Publish a product on all marketplaces
                    description: Publishes a product.
                    owner: tests
                    body: {type: object}
                    examples: [{productId: P-1}]
                    handler: {fanOut: [UPLOAD_TO_NORTH, UPLOAD_TO_SOUTH, UPLOAD_TO_WEST]}
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return catalog;
    }

    /** Publishes products on all marketplaces as one batch; returns the batch's id. */
    public static String publish(ApiClient api, String prefix, int products) {
        List<Map<String, Object>> items = IntStream.range(0, products)
                .mapToObj(i -> Map.<String, Object>of("code", "PUBLISH", "body", Map.of("productId", prefix + "-" + i)))
                .toList();
        ApiClient.Response accepted = api.post(
                "batches",
                JsonMapper.shared().writeValueAsString(Map.of("items", items)),
                Map.of("Content-Type", "application/json"));
        assertThat(accepted.status()).as("%s", accepted.body()).isEqualTo(202);
        return accepted.body().path("id").asString();
    }

    @Override
    public void close() {
        all.forEach(Marketplace::close);
    }
}
