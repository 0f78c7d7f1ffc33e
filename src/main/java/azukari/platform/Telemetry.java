package azukari.platform;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;

/**
 * The registry of this process's meters. Static, as a logger is: a meter belongs to the place that it counts at, and no
 * constructor asks for it. Each room names its own meters; {@code docs/operators.md} lists them all.
 */
public final class Telemetry {
    private static final PrometheusMeterRegistry REGISTRY = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private Telemetry() {}

    /** Where meters are registered. */
    public static MeterRegistry registry() {
        return REGISTRY;
    }

    /**
     * A timer whose distribution is shown.
     *
     * @param millis the upper bounds of its buckets, in milliseconds
     */
    public static Timer.Builder timer(String name, String description, long... millis) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(
                        Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new));
    }

    /**
     * A summary of sizes whose distribution is shown.
     *
     * @param bounds the upper bounds of its buckets
     */
    public static DistributionSummary.Builder sizes(String name, String description, double... bounds) {
        return DistributionSummary.builder(name).description(description).serviceLevelObjectives(bounds);
    }

    /** All meters as they stand, in Prometheus' text format 0.0.4. */
    public static String scrape() {
        return REGISTRY.scrape();
    }
}
