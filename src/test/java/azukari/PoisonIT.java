package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.ApiClient;
import azukari.testing.ItFolder;
import azukari.testing.ServerFolder;
import azukari.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** Rule 7 with a real server: a handler that kills the process, among many that do not. */
@Execution(ExecutionMode.CONCURRENT)
class PoisonIT {
    private static final int INNOCENT = 50;
    /** Two that may be anybody's fault, three that count. */
    private static final int MOST_DEATHS = 5;

    private static final Duration READY_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration GLANCE = Duration.ofMillis(200);
    private static final String TYPE = """
            code: %s
            title: A test's work
            description: Work of the poison test.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {bean: %s}
            lane: long
            onFailed: [CREATE_ALARM]
            """;

    @Test
    void rule_7_a_handler_that_kills_the_process_is_quarantined_and_all_other_jobs_succeed() throws IOException {
        try (ServerProcess server = ServerProcess.named("poison")
                .server(ServerFolder.changed("poison-server", PoisonHandlers.class))
                .catalog(catalog())
                .env(
                        PoisonHandlers.KILLED,
                        ItFolder.fresh("poison-killed")
                                .resolve("mark")
                                .toAbsolutePath()
                                .toString())
                .env("AZUKARI_LANE_LONG_MAX_SESSIONS", "64")
                .build()) {
            server.start().awaitReady(READY_TIMEOUT);
            ApiClient api = new ApiClient(server.uri());
            List<String> innocent = new ArrayList<>();
            for (int i = 0; i < INNOCENT; i++) {
                innocent.add(post(api, "INNOCENT"));
            }
            await().atMost(SOON)
                    .until(() -> api.jobs("state=RUNNING&code=INNOCENT").size() == INNOCENT);
            String killer = post(api, "KILLER");

            int deaths = restartUntilEnded(server, api, killer);

            System.out.println("poison: quarantined after " + deaths + " deaths");
            JsonNode ended = api.job(killer);
            assertThat(ended.path("state").asString()).isEqualTo("FAILED");
            assertThat(ended.path("error").path("kind").asString()).isEqualTo("POISON");
            assertThat(api.runs(killer)).hasSize(deaths);
            assertThat(deaths).isBetween(3, MOST_DEATHS);
            await().atMost(SOON)
                    .until(() -> api.jobs("state=SUCCEEDED&code=INNOCENT").size() == INNOCENT);
            assertThat(innocent).allSatisfy(job -> usedOneAttempt(api, job));
            await("its alarm").atMost(SOON).untilAsserted(() -> assertThat(api.notifications())
                    .singleElement()
                    .satisfies(told -> assertThat(told.path("job").asString()).isEqualTo(killer)));
        }
    }

    /** How often it died. */
    private static int restartUntilEnded(ServerProcess server, ApiClient api, String killer) {
        int deaths = 0;
        while (true) {
            if (server.endedWithin(GLANCE)) {
                assertThat(server.exitCode()).as("it was halted").isEqualTo(137);
                deaths++;
                assertThat(deaths).as("deaths").isLessThanOrEqualTo(MOST_DEATHS);
                server.start();
            } else if (hasEnded(api, killer)) {
                return deaths;
            }
        }
    }

    private static boolean hasEnded(ApiClient api, String job) {
        try {
            return api.job(job).path("finishedAt").isString();
        } catch (UncheckedIOException notUp) {
            return false; // Not yet, or not any more.
        }
    }

    private static void usedOneAttempt(ApiClient api, String job) {
        assertThat(api.job(job).path("attempt").asInt()).isEqualTo(1);
        List<JsonNode> runs = api.runs(job);
        assertThat(runs).filteredOn(run -> run.path("counts").asBoolean()).hasSize(1);
        assertThat(runs.subList(0, runs.size() - 1))
                .isNotEmpty()
                .allMatch(run -> run.path("outcome").asString().equals("INTERRUPTED"));
    }

    private static String post(ApiClient api, String code) {
        ApiClient.Response response = api.post(Map.of("code", code, "body", Map.of()));
        assertThat(response.status()).isEqualTo(202);
        return response.body().path("id").asString();
    }

    private static Path catalog() throws IOException {
        Path folder = ItFolder.fresh("poison-catalog");
        Files.writeString(folder.resolve("killer.yaml"), TYPE.formatted("KILLER", "killer"));
        Files.writeString(folder.resolve("innocent.yaml"), TYPE.formatted("INNOCENT", "innocent"));
        return folder;
    }
}
