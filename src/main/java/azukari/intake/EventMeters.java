package azukari.intake;

import azukari.platform.Telemetry;
import io.micrometer.core.instrument.Counter;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts what is accepted; the labels are codes of the catalogue. */
final class EventMeters {
    private static final ConcurrentMap<String, Counter> ACCEPTED = new ConcurrentHashMap<>();
    private static final Counter REPEATED = Counter.builder("azukari.events.repeated")
            .description("Posted events whose requestId was known, answered with the job that has it")
            .register(Telemetry.registry());

    private EventMeters() {}

    static void accepted(String code) {
        ACCEPTED.computeIfAbsent(code, EventMeters::counter).increment();
    }

    static void repeated() {
        REPEATED.increment();
    }

    private static Counter counter(String code) {
        return Counter.builder("azukari.events.accepted")
                .description("Posted events that became a job")
                .tag("code", code)
                .register(Telemetry.registry());
    }
}
