package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.ApiClient;
import azukari.testing.BrokerLook;
import azukari.testing.BrokerProcess;
import azukari.testing.DeadLetters;
import azukari.testing.Ends;
import azukari.testing.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A stop gives no message back again and again: at a broker that puts a message aside after ten deliveries, without a pause
 * between them, nothing is lost that was accepted while the node drained.
 */
@Execution(ExecutionMode.CONCURRENT)
class StopIT {
    private static final String STOCK =
            "{\"maxDeliveryAttempts\": 10, \"redeliveryDelay\": 0, \"deadLetterAddress\": \"DLQ\"}";
    private static final Duration DRAIN = Duration.ofSeconds(15);
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The last words of what is asked to stop, and the lanes' closing. */
    private static final Duration SLACK = Duration.ofSeconds(20);

    private static final int EVENTS = 40;
    /** One for each lane that may be closed before its own, and its own. */
    private static final int MOST_DELIVERIES = 4;

    @Test
    void nothing_that_was_accepted_while_the_node_drained_is_put_aside() {
        try (BrokerProcess broker = BrokerProcess.stock("stop-broker").start(START);
                ServerProcess server = ServerProcess.named("stop")
                        .env("AZUKARI_DRAIN", DRAIN.toSeconds() + "s")
                        .broker(broker)
                        .build()) {
            ApiClient api = new ApiClient(server.start().awaitReady(START).uri());
            BrokerLook look = new BrokerLook(broker.url());
            look.set("azukari.default", STOCK); // As it was before the start set it.
            look.set("azukari.long", STOCK);
            String first = post(api, "START_EC2", Map.of("instanceId", "i-1", "seconds", 120));
            await("the long job")
                    .atMost(PATIENCE)
                    .until(() -> api.job(first).path("state").asString().equals("RUNNING"));

            long begin = System.nanoTime();
            CompletableFuture<Integer> stop = CompletableFuture.supplyAsync(server::terminate);
            await("the node to drain")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> api.get("health/ready").status() == 503);
            List<String> jobs = new ArrayList<>();
            for (int i = 0; i < EVENTS; i++) {
                jobs.add(
                        i % 2 == 0
                                ? post(api, "NOOP", Map.of())
                                : post(api, "START_EC2", Map.of("instanceId", "i-2", "seconds", 0)));
            }
            assertThat(stop.join()).isZero();
            Duration took = Duration.ofNanos(System.nanoTime() - begin);

            List<Integer> deliveries = new ArrayList<>(look.deliveries("azukari.default"));
            deliveries.addAll(look.deliveries("azukari.long"));
            System.out.println("stop: took " + took.toMillis() + " ms, deliveries " + deliveries);
            assertThat(DeadLetters.in(broker.url())).isEmpty();
            assertThat(deliveries).hasSize(EVENTS + 1).allSatisfy(count -> assertThat(count)
                    .isLessThanOrEqualTo(MOST_DELIVERIES));
            assertThat(took).isLessThan(DRAIN.plus(SLACK));
            assertThat(server.log()).doesNotContain("work waits for the database");

            server.start().awaitReady(START);
            api.send("POST", "jobs/" + first + "/cancel", null, Map.of());
            Ends.awaitAll(api, PATIENCE);
            for (String job : jobs) {
                assertThat(api.job(job).path("state").asString()).isEqualTo("SUCCEEDED");
            }
            assertThat(DeadLetters.in(broker.url())).isEmpty();
        }
    }

    private static String post(ApiClient api, String code, Map<String, ?> body) {
        ApiClient.Response response = api.post(Map.of("code", code, "body", body));
        assertThat(response.status()).isEqualTo(202);
        return response.body().path("id").asString();
    }
}
