package azukari.api;

import azukari.platform.Telemetry;
import io.micrometer.core.instrument.Counter;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts the requests answered with a problem, by problem type; docs/api.md lists the types. */
final class ProblemMeters {
    private static final ConcurrentMap<String, Counter> BY_TYPE = new ConcurrentHashMap<>();

    private ProblemMeters() {}

    static void count(String type) {
        BY_TYPE.computeIfAbsent(type, ProblemMeters::counter).increment();
    }

    private static Counter counter(String type) {
        return Counter.builder("azukari.problems")
                .description("Requests answered with a problem document")
                .tag("type", type)
                .register(Telemetry.registry());
    }
}
