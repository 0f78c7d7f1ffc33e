package azukari.platform;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;

/**
 * The registry of this process's meters. Static, like a logger: a meter belongs to the place where it counts, and no
 * constructor takes it. Each package names its own meters; {@code docs/operators.md} lists them all.
 */
public final class Telemetry {
    private static final PrometheusMeterRegistry REGISTRY = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private Telemetry() {}

    /** The registry in which meters are registered. */
    public static MeterRegistry registry() {
        return REGISTRY;
    }

    /**
     * A timer that publishes its distribution.
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
     * A summary of sizes that publishes its distribution.
     *
     * @param bounds the upper bounds of its buckets
     */
    public static DistributionSummary.Builder sizes(String name, String description, double... bounds) {
        return DistributionSummary.builder(name).description(description).serviceLevelObjectives(bounds);
    }

    /** The current values of all meters, in the Prometheus text format 0.0.4. */
    public static String scrape() {
        return REGISTRY.scrape();
    }
}
