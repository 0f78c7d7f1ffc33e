package azukari.bench;

import static org.awaitility.Awaitility.await;

import azukari.bench.server.LongHandler;
import azukari.testing.ApiClient;
import azukari.testing.ServerProcess;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a start, and a start after a crash, cost. */
final class Restart {
    private static final int JOBS = 16;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofSeconds(2);
    private static final Map<String, ?> NOOP = Map.of("code", "NOOP");
    private static final Map<String, ?> LONG = Map.of("code", LongHandler.CODE);

    private final ServerProcess server;
    private final ApiClient api;
    private final Results results;

    Restart(ServerProcess server, Results results) {
        this.server = server;
        this.api = new ApiClient(server.uri());
        this.results = results;
    }

    /** Starts it, for the first time; kills it with jobs running, and starts it again. */
    void measure() {
        firstAccepted("an empty folder");
        for (int i = 0; i < JOBS; i++) {
            api.post(LONG);
        }
        await("all to run").atMost(PATIENCE).until(() -> running(1) == JOBS);
        server.kill9();
        firstAccepted("after kill -9");
        long ready = System.nanoTime();
        await("one to run again").atMost(PATIENCE).pollInterval(LOOK).until(() -> running(2) > 0);
        Duration one = Duration.ofNanos(System.nanoTime() - ready);
        await("all to run again").atMost(PATIENCE).pollInterval(LOOK).until(() -> running(2) == JOBS);
        Duration all = Duration.ofNanos(System.nanoTime() - ready);
        results.line("ready to interrupted jobs running again")
                .put("jobs", JOBS)
                .put("firstMs", one.toMillis())
                .put("allMs", all.toMillis())
                .put("target", MOST.toMillis())
                .put("reached", all.compareTo(MOST) < 0)
                .print();
    }

    private void firstAccepted(String which) {
        long begin = System.nanoTime();
        server.start();
        await("a first 202").atMost(PATIENCE).pollInterval(LOOK).until(this::accepts);
        results.line("start to first 202")
                .put("start", which)
                .put("ms", Duration.ofNanos(System.nanoTime() - begin).toMillis())
                .print();
    }

    private boolean accepts() {
        try {
            return api.post(NOOP).status() == 202;
        } catch (UncheckedIOException notYet) {
            if (!server.isAlive()) {
                throw new AssertionError("the server ended. " + server.tail(), notYet);
            }
            return false;
        }
    }

    private long running(int atLeastRun) {
        return api.jobs("state=RUNNING&code=" + LongHandler.CODE).stream()
                .map(job -> job.path("run"))
                .mapToInt(JsonNode::asInt)
                .filter(run -> run >= atLeastRun)
                .count();
    }
}
