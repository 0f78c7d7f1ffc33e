package azukari.bench;

import azukari.bench.server.PickupHandler;
import azukari.testing.ApiClient;
import azukari.testing.ApiClient.Response;
import azukari.testing.ServerProcess;
import java.time.Duration;
import java.util.Map;

/** How long it takes from a job's commit to its handler's first line, in a server that has little to do. */
final class Pickup {
    private static final int CONNECTIONS = 4;
    private static final int PER_SECOND = 50;
    private static final double MOST_MILLIS = 15;

    private Pickup() {}

    static Latencies measure(ServerProcess server, Duration time) {
        Requests requests = Requests.of(server.uri(), "events", PickupHandler.CODE);
        Response unused = take(server);
        try (Load load = Load.open(server.uri(), CONNECTIONS, requests)) {
            long begin = System.nanoTime();
            Load.Answers answers =
                    load.post(time, () -> load.sent() < (System.nanoTime() - begin) * PER_SECOND / 1_000_000_000L);
            Latencies latencies = new Latencies();
            take(server).body().forEach(nanos -> latencies.add(nanos.longValue()));
            if (latencies.count() < answers.latencies().count() - PER_SECOND) {
                throw new AssertionError(
                        latencies.count() + " of " + answers.latencies().count() + " jobs began");
            }
            return latencies;
        }
    }

    static void print(Latencies latencies, Results results) {
        double p99 = latencies.millis(0.99);
        results.line("pick-up")
                .put("perSecond", PER_SECOND)
                .put("jobs", latencies.count())
                .figure("p50Ms", latencies.millis(0.5))
                .figure("p99Ms", p99)
                .put("target", MOST_MILLIS)
                .put("reached", p99 < MOST_MILLIS)
                .print();
    }

    private static Response take(ServerProcess server) {
        Response response = new ApiClient(server.uri()).send("DELETE", "bench/pickups", null, Map.of());
        if (response.status() != 200) {
            throw new IllegalStateException("no pick-up times: " + response.status());
        }
        return response;
    }
}
