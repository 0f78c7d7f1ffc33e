package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The metrics of a node. */
class MetricsIT {
    private static final Pattern TYPE = Pattern.compile("# TYPE (azukari_\\w+) (\\w+)");
    private static final Pattern SAMPLE = Pattern.compile("(azukari_\\w+?)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final Pattern ROW = Pattern.compile("\\| `(azukari_\\w+)` \\| (\\w+) \\| ([^|]*)\\| .*");

    private final Contract contract = Contract.shared();

    private String scrape() {
        var response = contract.api.get("metrics");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Type")).startsWith("text/plain").contains("version=0.0.4");
        return response.body().asString();
    }

    @Test
    void a_job_is_counted_from_acceptance_to_end() {
        double accepted = contract.api.metric("azukari_events_accepted_total{code=\"START_EC2\"}");
        double repeated = contract.api.metric("azukari_events_repeated_total");
        double failed = contract.api.metric("azukari_jobs_ended_total{code=\"START_EC2\",outcome=\"FAILED\"}");
        double runs = contract.api.metric("azukari_run_seconds_count{code=\"START_EC2\"}");
        double pickups = contract.api.metric("azukari_pickup_seconds_count{lane=\"long\"}");
        double messages = contract.api.metric("azukari_relay_batch_messages_sum");
        Map<String, ?> event = Map.of(
                "code",
                "START_EC2",
                "requestId",
                Contract.unique(),
                "body",
                Map.of("instanceId", "i-1", "seconds", 0, "fail", true));

        String id = contract.accept(event).path("id").asString();
        contract.accept(event);
        contract.awaitEnd(id);

        assertThat(contract.api.metric("azukari_events_accepted_total{code=\"START_EC2\"}"))
                .isEqualTo(accepted + 1);
        assertThat(contract.api.metric("azukari_events_repeated_total")).isEqualTo(repeated + 1);
        Awaitility.await().untilAsserted(() -> assertThat(
                        contract.api.metric("azukari_jobs_ended_total{code=\"START_EC2\",outcome=\"FAILED\"}"))
                .isEqualTo(failed + 1));
        assertThat(contract.api.metric("azukari_run_seconds_count{code=\"START_EC2\"}"))
                .isEqualTo(runs + 1);
        assertThat(contract.api.metric("azukari_pickup_seconds_count{lane=\"long\"}"))
                .isEqualTo(pickups + 1);
        assertThat(contract.api.metric("azukari_relay_batch_messages_sum")).isGreaterThan(messages);
    }

    @Test
    void refusals_are_counted_by_reason() {
        for (String type : List.of("malformed-json", "invalid-event", "unsupported-media-type", "not-found")) {
            double before = contract.api.metric("azukari_problems_total{type=\"" + type + "\"}");
            switch (type) {
                case "malformed-json" -> contract.api.post("{");
                case "invalid-event" -> contract.api.post("{}");
                case "unsupported-media-type" -> contract.api.post("events", "", Map.of("Content-Type", "text/plain"));
                default -> contract.api.get("nothing");
            }
            assertThat(contract.api.metric("azukari_problems_total{type=\"" + type + "\"}"))
                    .as(type)
                    .isEqualTo(before + 1);
        }
    }

    @Test
    void retries_are_counted_as_runs() {
        double before = contract.api.metric("azukari_runs_ended_total{code=\"CALL_NOBODY\",outcome=\"RETRY\"}");
        String id = contract.call("CALL_NOBODY", Contract.unique()).path("id").asString();
        contract.awaitEnd(id);
        assertThat(contract.api.metric("azukari_runs_ended_total{code=\"CALL_NOBODY\",outcome=\"RETRY\"}"))
                .isEqualTo(before + 1);
    }

    @Test
    void a_waiting_job_is_counted_as_waiting() {
        contract.accept(Map.of("code", "NOOP", "notBefore", "2050-01-01T00:00:00Z"));
        Awaitility.await().atMost(Contract.SOON).untilAsserted(() -> {
            assertThat(contract.api.metric("azukari_jobs{state=\"WAITING\"}")).isPositive();
            assertThat(contract.api.metric("azukari_database_up")).isEqualTo(1);
            assertThat(contract.api.metric("azukari_broker_up")).isEqualTo(1);
        });
        assertThat(contract.api.metric("azukari_lane_max_sessions{lane=\"outside\"}"))
                .isEqualTo(64);
        assertThat(contract.api.metric("azukari_beats_total")).isPositive();
        assertThat(contract.api.metric("jvm_threads_live_threads")).isPositive();
    }

    /** The page lists exactly the existing meters, with their types and labels. */
    @Test
    void the_operators_page_lists_every_metric() throws IOException {
        a_job_is_counted_from_acceptance_to_end();
        contract.api.get("nothing");
        assertThat(answered()).isEqualTo(documented());
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> meters = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("docs", "operators.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                List<String> labels = new ArrayList<>(
                        Arrays.asList(row.group(3).replace("`", "").strip().split(",\\s*")));
                meters.put(row.group(1), row.group(2) + " " + new TreeSet<>(labels));
            }
        }
        return meters;
    }

    private Map<String, String> answered() {
        String text = scrape();
        Map<String, String> types = new TreeMap<>();
        TYPE.matcher(text).results().forEach(type -> types.put(type.group(1), type.group(2)));
        types.keySet()
                .removeIf(name -> name.endsWith("_max")
                        && "histogram".equals(types.get(name.substring(0, name.length() - "_max".length()))));
        Map<String, String> meters = new TreeMap<>();
        types.forEach((name, type) -> meters.put(name, type + " " + labels(text, name)));
        return meters;
    }

    private static Set<String> labels(String text, String family) {
        Set<String> labels = new TreeSet<>();
        text.lines().map(SAMPLE::matcher).filter(Matcher::matches).forEach(sample -> {
            if (sample.group(1).matches(Pattern.quote(family) + "(_bucket|_sum|_count)?") && sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> labels.add(label.group(1)));
            }
        });
        labels.remove("le");
        if (labels.isEmpty()) {
            labels.add("");
        }
        return labels;
    }
}
