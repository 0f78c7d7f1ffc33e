package azukari.bench;

import azukari.bench.server.CallHandler;
import azukari.bench.server.CallTimes;
import azukari.bench.server.LongHandler;
import azukari.bench.server.NaiveLane;
import azukari.bench.server.PickupHandler;
import azukari.bench.server.Pickups;
import azukari.bench.server.PlainRows;
import azukari.bench.server.TimedRelay;
import azukari.bench.server.Yardsticks;
import azukari.platform.Lane;
import azukari.testing.ItFolder;
import azukari.testing.ServerFolder;
import azukari.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The built server with the yardsticks in it. */
final class BenchServer {
    static final String NAIVE_QUEUE = NaiveLane.QUEUE;
    static final String QUEUE = Lane.DEFAULT.queue();

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
                        LongHandler.class,
                        CallHandler.class,
                        CallTimes.class)
                .edit("WEB-INF/glassfish-ejb-jar.xml", BenchServer::withNaiveLane);
        String jvmOptions = System.getProperty("bench.jvm", "").strip();
        ServerProcess.Builder builder = ServerProcess.named(name)
                .server(folder)
                .warmingUp(HEAP)
                .catalog(catalog(ItFolder.fresh(name + "-catalog")));
        for (String option : jvmOptions.isEmpty() ? new String[0] : jvmOptions.split(" +", -1)) {
            builder.jvmArgument(option);
        }
        Profiler.jvmOptions().forEach(builder::jvmArgument);
        return builder;
    }

    /** Deletes the yardsticks' rows. */
    static void clean(ServerProcess server) throws InterruptedException {
        HttpRequest delete = HttpRequest.newBuilder(server.uri().resolve("/api/bench"))
                .DELETE()
                .timeout(CLEANING)
                .build();
        int status;
        try {
            status = HttpClient.newHttpClient()
                    .send(delete, BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException("the yardsticks' rows were not deleted", e);
        }
        if (status != 204) {
            throw new IllegalStateException("the yardsticks' rows were not deleted: " + status);
        }
    }

    /** The default lane's declaration once more, under another name. */
    private static String withNaiveLane(String descriptor) {
        int from = descriptor.indexOf("<ejb>");
        int to = descriptor.indexOf("</ejb>") + "</ejb>".length();
        String naive = descriptor.substring(from, to).replace("DefaultLane", "NaiveLane");
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
