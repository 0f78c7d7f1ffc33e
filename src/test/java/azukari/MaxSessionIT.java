package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Answer;
import azukari.testing.ApiClient;
import azukari.testing.Call;
import azukari.testing.Ends;
import azukari.testing.HttpTarget;
import azukari.testing.ServerProcess;
import azukari.testing.TestCatalog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A lane handles exactly as many messages concurrently as configured: never more, and no pool in between reduces the number. */
class MaxSessionIT {
    private static final String CODE = "MAX_SESSION_WORK";
    private static final String QUICK = "MAX_SESSION_QUICK_WORK";
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void each_lane_reaches_and_never_exceeds_its_configured_sessions() {
        CountDownLatch release = new CountDownLatch(1);
        try (HttpTarget target = HttpTarget.start().answer("/work", call -> whenReleased(release));
                ServerProcess server = server("max-session", target)
                        .env("AZUKARI_LANE_OUTSIDE_MAX_SESSIONS", "7")
                        .env("AZUKARI_LANE_DEFAULT_MAX_SESSIONS", "3")
                        .env("AZUKARI_LANE_LONG_MAX_SESSIONS", "5")
                        .build()) {
            server.start().awaitReady(START);
            ApiClient api = new ApiClient(server.uri());
            post(api, 20, CODE, Map.of());
            post(api, 12, "START_EC2", Map.of("instanceId", "i-1", "seconds", 3));
            awaitGoingOn(target, 7);
            awaitSeen(api, "START_EC2", 5);
            awaitRanMost(api, "START_EC2", 12, 5);
            assertThat(running(api, CODE)).isEqualTo(7);

            release.countDown();
            post(api, 40, CODE, Map.of());
            Ends.awaitAll(api, PATIENCE);
            assertThat(target.calls()).hasSize(60);
            assertThat(target.highestConcurrency()).isEqualTo(7);
        }
    }

    /** Rule 16: a session that is held up by its job has taken nothing else: one free session gets all that waits. */
    @Test
    void rule_16_the_outside_lane_reaches_its_default_of_64_and_no_session_hoards() {
        Semaphore permits = new Semaphore(0);
        try (HttpTarget target = HttpTarget.start()
                        .answer("/work", call -> whenPermitted(permits))
                        .answer("/quick", Answer.ok());
                ServerProcess server = server("max-session-default", target).build()) {
            server.start().awaitReady(START);
            ApiClient api = new ApiClient(server.uri());
            post(api, 64, CODE, Map.of());
            awaitGoingOn(target, 64);
            post(api, 200, QUICK, Map.of());
            // With the lane full, the others still work.
            post(api, 1, "NOOP", Map.of());
            await("the NOOP to end")
                    .atMost(PATIENCE)
                    .until(() -> api.jobs("state=SUCCEEDED&code=NOOP").size() == 1);
            assertThat(running(api, QUICK)).isZero();

            permits.release(1);
            await("the one free session to process everything")
                    .atMost(PATIENCE)
                    .until(() -> api.jobs("state=SUCCEEDED&code=" + QUICK).size() == 200);
            assertThat(running(api, CODE)).isEqualTo(63);

            permits.release(63);
            Ends.awaitAll(api, PATIENCE);
            assertThat(target.calls()).hasSize(264);
            assertThat(target.highestConcurrency()).isEqualTo(64);
        }
    }

    private static ServerProcess.Builder server(String name, HttpTarget target) {
        return ServerProcess.named(name)
                .catalog(TestCatalog.named(name + "-catalog")
                        .outside(CODE, target.uri("/work"), "timeout: 60s")
                        .outside(QUICK, target.uri("/quick"), "timeout: 60s")
                        .folder());
    }

    private static Answer whenReleased(CountDownLatch release) {
        try {
            release.await();
            return Answer.ok().after(Duration.ofMillis(50));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.closedConnection();
        }
    }

    private static Answer whenPermitted(Semaphore permits) {
        try {
            permits.acquire();
            return Answer.ok();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.closedConnection();
        }
    }

    private static void post(ApiClient api, int count, String code, Map<String, ?> body) {
        for (int i = 0; i < count; i++) {
            assertThat(api.post(Map.of("code", code, "body", body)).status()).isEqualTo(202);
        }
    }

    private static void awaitGoingOn(HttpTarget target, int count) {
        await(count + " calls at once")
                .atMost(PATIENCE)
                .until(() -> target.calls().stream()
                                .filter(call -> call.end() == Call.GOING_ON)
                                .count()
                        == count);
    }

    private static int running(ApiClient api, String code) {
        return api.jobs("state=RUNNING&code=" + code).size();
    }

    private static void awaitSeen(ApiClient api, String code, int count) {
        await(count + " of " + code + " running").atMost(PATIENCE).until(() -> running(api, code) == count);
    }

    /** Waits until all have ended, and compares the times in the ledger: no instant had more than {@code most} runs. */
    private static void awaitRanMost(ApiClient api, String code, int count, int most) {
        await("all of " + code)
                .atMost(PATIENCE)
                .until(() -> api.jobs("state=SUCCEEDED&code=" + code).size() == count);
        List<JsonNode> jobs = api.jobs("code=" + code);
        for (JsonNode job : jobs) {
            String began = job.path("startedAt").asString();
            assertThat(jobs.stream()
                            .filter(other -> other.path("startedAt").asString().compareTo(began) <= 0
                                    && began.compareTo(other.path("finishedAt").asString()) < 0)
                            .count())
                    .isLessThanOrEqualTo(most);
        }
    }
}
