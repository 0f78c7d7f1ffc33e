package azukari.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.platform.BrokerUnavailableException;
import azukari.platform.Json;
import azukari.platform.Lane;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LaneRulesTest {
    private static final String STOCK =
            "{\"maxDeliveryAttempts\": 10, \"redeliveryDelay\": 0, \"deadLetterAddress\": \"DLQ\"}";

    private final Map<String, String> settings = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private RuntimeException onRead;
    private RuntimeException onWrite;
    private boolean overruled;

    private final LaneRules rules = new LaneRules(this::answer);

    @Test
    void a_broker_with_its_own_defaults_is_set_up_and_not_asked_again_until_it_was_away() {
        assertThat(rules.missing()).isEmpty();
        assertThat(settings.keySet())
                .containsExactlyInAnyOrder("azukari.default", "azukari.outside", "azukari.long", "azukari.notify");
        assertThat(Json.read(settings.get("azukari.long")))
                .isEqualTo(Json.read("{\"maxDeliveryAttempts\": -1, \"redeliveryDelay\": 1000,"
                        + " \"deadLetterAddress\": \"azukari.long.dead\"}"));

        asked.clear();
        assertThat(rules.missing()).isEmpty();
        assertThat(asked).isEmpty();

        settings.remove("azukari.notify");
        rules.forget();
        assertThat(rules.missing()).isEmpty();
        assertThat(asked).filteredOn("addAddressSettings"::equals).hasSize(1);
    }

    @Test
    void a_broker_that_is_in_order_is_left_as_it_is() {
        for (Lane lane : Lane.values()) {
            settings.put(
                    lane.queue(),
                    "{\"maxDeliveryAttempts\": -1, \"redeliveryDelay\": 5, \"deadLetterAddress\": \"" + lane.deadQueue()
                            + "\"}");
        }

        assertThat(rules.missing()).isEmpty();
        assertThat(asked).doesNotContain("addAddressSettings");
    }

    @Test
    void what_may_not_be_set_from_here_is_told_in_one_line_until_somebody_has_set_it() {
        onWrite = new BrokerRefusedException("addAddressSettings", new IOException("no permission"));
        settings.put(
                "azukari.default",
                "{\"maxDeliveryAttempts\": -1, \"redeliveryDelay\": 5, \"deadLetterAddress\": \"azukari.default.dead\"}");

        assertThat(rules.missing()).hasValueSatisfying(line -> assertThat(line)
                .doesNotContain("\n", "match=\"azukari.default\"")
                .contains(
                        "broker.xml",
                        "<address-setting match=\"azukari.outside\"><max-delivery-attempts>-1</max-delivery"
                                + "-attempts><redelivery-delay>1000</redelivery-delay>"
                                + "<dead-letter-address>azukari.outside.dead</dead-letter-address></address-setting>"));

        onWrite = null;
        assertThat(rules.missing()).isEmpty();
    }

    @Test
    void a_setting_that_another_one_overrules_is_missing() {
        overruled = true;

        assertThat(rules.missing()).isPresent();
    }

    @Test
    void a_broker_that_does_not_tell_its_settings_is_taken_as_it_is() {
        onRead = new BrokerRefusedException("getAddressSettingsAsJSON", new IOException("no permission"));

        assertThat(rules.missing()).isEmpty();
    }

    @Test
    void a_broker_that_is_away_is_not_in_order_yet() {
        onRead = new BrokerUnavailableException(new IOException("connection refused"));
        assertThatThrownBy(rules::missing).isInstanceOf(BrokerUnavailableException.class);

        onRead = null;
        assertThat(rules.missing()).isEmpty();
        assertThat(settings).hasSize(4);
    }

    private JsonNode answer(String resource, String operation, Object... parameters) {
        assertThat(resource).isEqualTo("broker");
        asked.add(operation);
        String address = (String) parameters[0];
        if (operation.equals("addAddressSettings")) {
            if (onWrite != null) {
                throw onWrite;
            }
            settings.put(address, overruled ? STOCK : (String) parameters[1]);
            return Json.object();
        }
        if (onRead != null) {
            throw onRead;
        }
        return Json.object()
                .put("answer", settings.getOrDefault(address, STOCK))
                .path("answer");
    }
}
