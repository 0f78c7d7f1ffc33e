package azukari.api;

import azukari.platform.Telemetry;
import io.micrometer.core.instrument.Counter;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts the requests that are answered with a problem, by its type; there are as many as docs/api.md lists. */
final class ProblemMeters {
    private static final ConcurrentMap<String, Counter> BY_TYPE = new ConcurrentHashMap<>();

    private ProblemMeters() {}

    static void count(String type) {
        BY_TYPE.computeIfAbsent(type, ProblemMeters::counter).increment();
    }

    private static Counter counter(String type) {
        return Counter.builder("azukari.problems")
                .description("Requests that were answered with a problem document")
                .tag("type", type)
                .register(Telemetry.registry());
    }
}
