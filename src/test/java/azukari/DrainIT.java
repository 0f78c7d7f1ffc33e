package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.ApiClient;
import azukari.testing.ServerProcess;
import azukari.testing.Submitters;
import azukari.testing.Submitters.Event;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** SIGTERM under load: short jobs end, a long one is handed over, and the next start resumes it at once. */
class DrainIT {
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration DRAIN = Duration.ofSeconds(2);
    /** For the last words of what is asked to stop, and for Payara and the broker to go down. */
    private static final Duration SLACK = Duration.ofSeconds(20);

    /** What a rescue of another node's job takes; a node's own is taken back before. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private static final Duration ALL_ENDED = Duration.ofSeconds(60);

    private static final int NO_ANSWER = 0;

    @Test
    void a_node_drains_hands_over_and_continues_after_restart() throws InterruptedException {
        try (ServerProcess server = ServerProcess.named("drain")
                .env("AZUKARI_DRAIN", DRAIN.toSeconds() + "s")
                .build()) {
            server.start().awaitReady(READY_TIMEOUT);
            ApiClient api = new ApiClient(server.uri(), Duration.ofSeconds(10));
            try (Submitters load = Submitters.start(
                    server.uri(), 2, Duration.ofMillis(50), 1, random -> new Event("NOOP", Map.of()))) {
                String longJob = submit(api, 60);
                String shortJob = submit(api, 1);
                awaitBegun(api, longJob);
                awaitBegun(api, shortJob);

                Set<Integer> answers = terminate(server);
                assertThat(answers)
                        .as("answers of health/ready while it drained")
                        .contains(503)
                        .isSubsetOf(200, 503, NO_ANSWER);

                server.start().awaitReady(READY_TIMEOUT);
                goesOnWith(api, longJob);
                endedInItsFirstRun(api, shortJob);
                load.stopAndWait();
                assertThat(load.failures()).isEmpty();
                allEnded(api, longJob, load);
            }
            assertThat(server.log())
                    .as("nothing was left to be rescued")
                    .doesNotContain("taken back from node")
                    .as("a message that goes back to the broker is no failure")
                    .doesNotContain("RedeliverException");
        }
    }

    private static String submit(ApiClient api, int seconds) {
        ApiClient.Response response =
                api.post(Map.of("code", "START_EC2", "body", Map.of("instanceId", "i-" + seconds, "seconds", seconds)));
        assertThat(response.status()).isEqualTo(202);
        return response.body().path("id").asString();
    }

    /** The short job may have ended before it is looked at. */
    private static void awaitBegun(ApiClient api, String job) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !api.job(job).path("state").asString().equals("QUEUED"));
    }

    /** Stops it by SIGTERM and returns what its health said meanwhile. */
    private static Set<Integer> terminate(ServerProcess server) throws InterruptedException {
        ApiClient health = new ApiClient(server.uri(), Duration.ofSeconds(2));
        Set<Integer> answers = ConcurrentHashMap.newKeySet();
        Thread watcher = new Thread(
                () -> {
                    while (server.isAlive() && !Thread.currentThread().isInterrupted()) {
                        try {
                            answers.add(health.get("health/ready").status());
                            TimeUnit.MILLISECONDS.sleep(50);
                        } catch (RuntimeException gone) {
                            answers.add(NO_ANSWER);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                },
                "health watcher");
        watcher.start();
        long begin = System.nanoTime();
        int status = server.terminate();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        watcher.interrupt();
        watcher.join();
        System.out.println(
                "drain: stopped with " + status + " after " + took.toMillis() + " ms, ready said " + answers);
        assertThat(status).isZero();
        assertThat(took).isBetween(DRAIN, DRAIN.plus(SLACK));
        return new HashSet<>(answers);
    }

    private static void goesOnWith(ApiClient api, String job) {
        long begin = System.nanoTime();
        await().atMost(AT_ONCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            JsonNode now = api.job(job);
            return now.path("state").asString().equals("RUNNING")
                    && now.path("run").asInt() == 2;
        });
        System.out.println("drain: went on after "
                + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
        assertThat(api.job(job).path("attempt").asInt())
                .as("the interrupted run used up no attempt")
                .isEqualTo(1);
        List<JsonNode> runs = api.runs(job);
        assertThat(runs).hasSize(2);
        assertThat(runs.get(0).path("outcome").asString()).isEqualTo("INTERRUPTED");
        assertThat(runs.get(0).path("counts").asBoolean()).isFalse();
        assertThat(runs.get(1).path("number").asInt())
                .isGreaterThan(runs.get(0).path("number").asInt());
    }

    private static void endedInItsFirstRun(ApiClient api, String job) {
        assertThat(api.job(job).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(api.runs(job)).hasSize(1);
    }

    private static void allEnded(ApiClient api, String but, Submitters load) {
        await().atMost(ALL_ENDED).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            for (String state : List.of("WAITING", "QUEUED", "RUNNING")) {
                assertThat(api.jobs("state=" + state))
                        .extracting(job -> job.path("id").asString())
                        .allMatch(but::equals);
            }
        });
        assertThat(load.accepted()).isNotEmpty().allSatisfy(accepted -> assertThat(
                        api.job(accepted.job()).path("state").asString())
                .isEqualTo("SUCCEEDED"));
    }
}
