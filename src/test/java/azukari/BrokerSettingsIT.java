package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.ApiClient;
import azukari.testing.BrokerLook;
import azukari.testing.BrokerProcess;
import azukari.testing.ServerProcess;
import java.time.Duration;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** A broker with default address settings is set up for the lanes; one that can't be is refused, or shown. */
@Execution(ExecutionMode.CONCURRENT)
class BrokerSettingsIT {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NOT_FROM_OUTSIDE = """
            RULE the settings of one lane can not be set from outside
            CLASS azukari.broker.LaneRules
            METHOD set
            AT ENTRY
            IF $1.name().equals("LONG")
            DO return false
            ENDRULE
            """;

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void a_stock_broker_is_set_up_and_stays_so() {
        try (BrokerProcess broker = BrokerProcess.stock("settings-broker").start(START);
                ServerProcess server =
                        ServerProcess.named("settings").broker(broker).build()) {
            ApiClient api = new ApiClient(server.start().awaitReady(START).uri());
            inOrder(broker);
            assertThat(broker(api).path("status").asString()).isEqualTo("UP");

            broker.kill9();
            inOrder(broker.start(START));
        }
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void a_broker_that_cannot_be_set_up_ends_the_start_or_is_shown_when_it_comes_later() {
        try (BrokerProcess broker = BrokerProcess.stock("settings-fixed-broker").start(START)) {
            ServerProcess.Builder builder =
                    ServerProcess.named("settings-fixed").broker(broker).bytemanRules(NOT_FROM_OUTSIDE);
            try (ServerProcess refused = builder.build().start()) {
                assertThat(refused.endedWithin(START)).as(refused.tail()).isTrue();
                assertThat(refused.exitCode()).isNotZero();
                String log = refused.log().stripTrailing();
                assertThat(log.substring(log.lastIndexOf('\n') + 1))
                        .startsWith("Azukari did not start: ")
                        .contains("broker.xml", "<address-setting match=\"azukari.long\">")
                        .doesNotContain("azukari.default");
            }

            broker.kill9();
            try (ServerProcess server = builder.build().start().awaitReady(START)) {
                broker.start(START);
                ApiClient api = new ApiClient(server.uri());
                await("the broker to be looked at")
                        .atMost(PATIENCE)
                        .until(() -> broker(api).path("detail").asString().contains("match=\"azukari.long\""));
                assertThat(broker(api).path("status").asString()).isEqualTo("DOWN");
                assertThat(server.log()).containsOnlyOnce("needs <address-setting match=\"azukari.long\">");
                assertThat(api.post(Map.of("code", "NOOP", "body", Map.of())).status())
                        .isEqualTo(202);
            }
        }
    }

    private static void inOrder(BrokerProcess broker) {
        BrokerLook look = new BrokerLook(broker.url());
        for (String queue : new String[] {"azukari.default", "azukari.outside", "azukari.long", "azukari.notify"}) {
            assertThat(look.settings(queue))
                    .contains(
                            "\"maxDeliveryAttempts\":-1",
                            "\"redeliveryDelay\":1000",
                            "\"deadLetterAddress\":\"" + queue + ".dead\"");
        }
    }

    private static JsonNode broker(ApiClient api) {
        return StreamSupport.stream(
                        api.get("health/ready").body().path("checks").spliterator(), false)
                .filter(check -> check.path("name").asString().equals("broker"))
                .findFirst()
                .orElseThrow();
    }
}
