package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.ApiClient;
import azukari.testing.RawHttp;
import azukari.testing.ServerProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A stop answers each request that it has taken; who asks later finds nobody listening. */
@Execution(ExecutionMode.CONCURRENT)
class LastAnswersIT {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CLIENTS = 12;
    private static final int UNDER_WAY = 200;

    private final AtomicInteger answered = new AtomicInteger();

    @Test
    void every_request_is_answered_or_refused_before_it_is_sent() {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (ServerProcess server = ServerProcess.named("last-answers").build()) {
            server.start().awaitReady(START);
            List<CompletableFuture<Map<String, Integer>>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(CompletableFuture.supplyAsync(() -> askUntilRefused(server.port()), threads));
            }
            await("some answers").atMost(PATIENCE).until(() -> answered.get() > UNDER_WAY);
            assertThat(server.terminate()).isZero();

            Map<String, Integer> statuses = new HashMap<>();
            clients.forEach(client -> statuses.putAll(client.join()));
            assertThat(statuses.values()).containsOnly(202);

            ApiClient api = new ApiClient(server.start().awaitReady(START).uri());
            await("all to end").atMost(PATIENCE).untilAsserted(() -> assertThat(api.jobs("code=NOOP"))
                    .hasSize(statuses.size())
                    .allSatisfy(job -> assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED")));
        } finally {
            threads.shutdownNow();
        }
    }

    /** The status of each request; a connection that ends without an answer fails. */
    private Map<String, Integer> askUntilRefused(int port) {
        Map<String, Integer> statuses = new HashMap<>();
        try (RawHttp http = new RawHttp(port)) {
            while (true) {
                String id = UUID.randomUUID().toString();
                String event = "{\"code\":\"NOOP\",\"requestId\":\"" + id + "\",\"body\":{}}";
                RawHttp.Answer answer = http.send(
                        "POST",
                        "/api/events",
                        Map.of("Content-Type", "application/json"),
                        event.getBytes(StandardCharsets.UTF_8));
                statuses.put(id, answer.status());
                answered.incrementAndGet();
            }
        } catch (ConnectException e) {
            return statuses;
        } catch (IOException e) {
            throw new AssertionError("a request was sent and not answered", e);
        }
    }
}
