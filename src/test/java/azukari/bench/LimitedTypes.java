package azukari.bench;

import azukari.bench.server.CallHandler;
import azukari.testing.ItFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Event types that do nothing in the lane of outside calls, each under another limit. */
final class LimitedTypes {
    static final int RATE = 1_000;
    static final int CONCURRENCY = 32;
    static final String RATED_CHANNEL = "bench-rated";
    static final String KEYED_CHANNEL = "bench-keyed";

    private static final int WIDE = 200;

    private LimitedTypes() {}

    /** A new folder that declares them. */
    static Path catalog(String name) {
        Path folder = ItFolder.fresh(name + "-limited-catalog");
        try {
            Files.writeString(folder.resolve("channels.yaml"), """
                    channels:
                      - {name: %s, rate: %d/s, concurrency: %d}
                      - {name: %s, rate: 2/s}
                      - {name: bench-held, concurrency: %d}
                    """.formatted(
                            RATED_CHANNEL, RATE, WIDE, KEYED_CHANNEL, CONCURRENCY));
            write(folder, CallHandler.FREE, "");
            write(folder, CallHandler.RATED, "channel: " + RATED_CHANNEL);
            write(folder, CallHandler.KEYED, "channel: {name: " + KEYED_CHANNEL + ", per: /key}");
            write(folder, CallHandler.HELD, "channel: bench-held");
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("could not write the catalogue", e);
        }
    }

    private static void write(Path folder, String code, String limit) throws IOException {
        Files.writeString(folder.resolve(code + ".yaml"), """
                code: %s
                title: Measure
                description: Only for the benchmark.
                owner: bench
                body: {type: object}
                examples: [{key: k}]
                handler: {bean: benchCall}
                lane: outside
                %s
                """.formatted(code, limit));
    }
}
