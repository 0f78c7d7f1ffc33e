package azukari.bench;

import azukari.bench.server.LongHandler;
import azukari.bench.server.NaiveLane;
import azukari.bench.server.PickupHandler;
import azukari.bench.server.Pickups;
import azukari.bench.server.PlainRows;
import azukari.bench.server.TimedRelay;
import azukari.bench.server.Yardsticks;
import azukari.testing.ApiClient;
import azukari.testing.ItFolder;
import azukari.testing.ServerFolder;
import azukari.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The built server with the yardsticks in it. */
final class BenchServer {
    static final String NAIVE_QUEUE = "azukari.bench-naive";
    static final String QUEUE = "azukari.default";

    private static final String HEAP = "1g";
    private static final Duration CLEANING = Duration.ofMinutes(2);

    private BenchServer() {}

    /** What is to be started, with a JVM as it is in use. */
    static ServerProcess.Builder named(String name) {
        ServerFolder folder = ServerFolder.changed(
                        name,
                        Yardsticks.class,
                        PlainRows.class,
                        NaiveLane.class,
                        Pickups.class,
                        PickupHandler.class,
                        TimedRelay.class,
                        LongHandler.class)
                .edit("WEB-INF/glassfish-ejb-jar.xml", BenchServer::withNaiveLane);
        String jvmOptions = System.getProperty("bench.jvm", "").strip();
        ServerProcess.Builder builder = ServerProcess.named(name)
                .server(folder)
                .warmingUp(HEAP)
                .catalog(catalog(ItFolder.fresh(name + "-catalog")));
        for (String option : jvmOptions.isEmpty() ? new String[0] : jvmOptions.split(" +", -1)) {
            builder.jvmArgument(option);
        }
        return builder;
    }

    /** Deletes the yardsticks' rows. */
    static void clean(ServerProcess server) {
        int status = new ApiClient(server.uri(), CLEANING)
                .send("DELETE", "bench", null, Map.of())
                .status();
        if (status != 204) {
            throw new IllegalStateException("the yardsticks' rows were not deleted: " + status);
        }
    }

    /** The default lane's declaration once more, under another name and for another queue. */
    private static String withNaiveLane(String descriptor) {
        int from = descriptor.indexOf("<ejb>");
        int to = descriptor.indexOf("</ejb>") + "</ejb>".length();
        String naive = descriptor
                .substring(from, to)
                .replace("DefaultLane", "NaiveLane")
                .replace(">" + QUEUE + "<", ">" + NAIVE_QUEUE + "<");
        return descriptor.substring(0, to) + naive + descriptor.substring(to);
    }

    private static Path catalog(Path folder) {
        write(folder, PickupHandler.CODE, "benchPickup", "default");
        write(folder, LongHandler.CODE, "benchLong", "long");
        return folder;
    }

    private static void write(Path folder, String code, String bean, String lane) {
        try {
            Files.writeString(folder.resolve(code + ".yaml"), """
                    code: %s
                    title: Measure
                    description: Only for the benchmark.
                    owner: bench
                    body: true
                    examples: [{}]
                    handler: {bean: %s}
                    lane: %s
                    timeout: 10m
                    """.formatted(code, bean, lane));
        } catch (IOException e) {
            throw new UncheckedIOException("could not write the catalogue", e);
        }
    }
}
