package azukari.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import azukari.broker.SignalReceiver;
import azukari.platform.Lane;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever has to say a lane's name, queue or size once more says the same as {@link Lane}. */
class LaneBeansTest {
    private static final Map<Lane, Class<? extends LaneBean>> BEANS = Map.of(
            Lane.DEFAULT, DefaultLane.class,
            Lane.OUTSIDE, OutsideLane.class,
            Lane.LONG, LongLane.class,
            Lane.NOTIFY, NotifyLane.class);

    @ParameterizedTest
    @EnumSource
    void a_lanes_bean_takes_its_queue_and_its_size_from_the_lane(Lane lane) {
        String key = "azukari.lane." + lane.written() + ".max.sessions";

        assertThat(activation(BEANS.get(lane)))
                .containsExactly(
                        entry("destinationType", "jakarta.jms.Queue"),
                        entry("destination", lane.queue()),
                        entry("useJNDI", "false"),
                        entry("maxSession", "${MPCONFIG=" + key + ":" + lane.sessions() + "}"),
                        entry("setupAttempts", "-1"),
                        entry("setupInterval", "1000"));
    }

    @Test
    void payaras_descriptor_names_every_message_driven_bean() throws IOException {
        List<String> beans = BEANS.values().stream()
                .map(bean -> bean.getAnnotation(MessageDriven.class).name())
                .collect(Collectors.toList());
        beans.add(SignalReceiver.class.getAnnotation(MessageDriven.class).name());

        assertThat(found("src/main/webapp/WEB-INF/glassfish-ejb-jar.xml", "<ejb-name>(\\w+)</ejb-name>"))
                .containsExactlyInAnyOrderElementsOf(beans);
    }

    @ParameterizedTest
    @EnumSource
    void the_embedded_broker_has_both_queues_of_a_lane(Lane lane) throws IOException {
        assertThat(found("server-config/payara-micro/broker.xml", "<queue name=\"([\\w.]+)\"/>"))
                .contains(lane.queue(), lane.deadQueue());
        assertThat(found("server-config/payara-micro/broker.xml", "<dead-letter-address>([\\w.]+)<"))
                .contains(lane.deadQueue());
    }

    @Test
    void operators_are_told_the_sizes_that_are_the_defaults() throws IOException {
        Map<String, String> documented =
                matches("docs/operators.md", "\\| `AZUKARI_LANE_(\\w+)_MAX_SESSIONS` \\| `(\\d+)` \\|").stream()
                        .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));

        assertThat(documented)
                .isEqualTo(Arrays.stream(Lane.values())
                        .collect(Collectors.toMap(Lane::name, lane -> Integer.toString(lane.sessions()))));
    }

    @Test
    void the_table_and_the_interfaces_description_list_the_lanes() throws IOException {
        List<String> lanes = Arrays.stream(Lane.values()).map(Lane::written).toList();

        for (String database : List.of("h2", "postgresql")) {
            assertThat(found(
                            "src/main/resources/db/migration/" + database + "/V1__azukari.sql",
                            "\\('(\\w+)', FALSE\\)"))
                    .isEqualTo(lanes);
        }
        assertThat(found("src/main/resources/openapi.yaml", "Lane: \\{enum: \\[([^]]+)]"))
                .containsExactly(String.join(", ", lanes));
    }

    @ParameterizedTest
    @EnumSource
    void a_lanes_name_is_written_as_its_constant_in_lower_case(Lane lane) {
        assertThat(lane.written()).isEqualTo(lane.name().toLowerCase(Locale.ROOT));
    }

    private static Map<String, String> activation(Class<?> bean) {
        return Arrays.stream(bean.getAnnotation(MessageDriven.class).activationConfig())
                .collect(Collectors.toMap(
                        ActivationConfigProperty::propertyName,
                        ActivationConfigProperty::propertyValue,
                        (one, other) -> one + " and " + other,
                        java.util.LinkedHashMap::new));
    }

    private static List<String> found(String file, String pattern) throws IOException {
        return matches(file, pattern).stream().map(match -> match.group(1)).toList();
    }

    private static List<MatchResult> matches(String file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(Path.of(file)))
                .results()
                .toList();
    }
}
