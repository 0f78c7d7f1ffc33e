package azukari.effect;

import azukari.platform.Telemetry;
import io.micrometer.core.instrument.Counter;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts the outcomes of events, runs and jobs; the values of the label {@code code} are the catalogue's codes. */
final class JobMeters {
    private static final ConcurrentMap<Count, Counter> COUNTERS = new ConcurrentHashMap<>();

    /** Registered from the start, so that a monitor sees a zero. */
    private static final Counter RESENT = Counter.builder("azukari.jobs.resent")
            .description("Jobs that were QUEUED without a message, and were put on the wire again")
            .register(Telemetry.registry());

    private JobMeters() {}

    static void count(Count count) {
        COUNTERS.computeIfAbsent(count, JobMeters::counter).increment();
    }

    private static Counter counter(Count count) {
        return switch (count.kind()) {
            case ACCEPTED ->
                register(
                        Counter.builder("azukari.events.accepted").description("Posted events that became a job"),
                        count);
            case REPEATED ->
                Counter.builder("azukari.events.repeated")
                        .description("Posted events whose requestId was known, answered with the job that has it")
                        .register(Telemetry.registry());
            case RUN_ENDED ->
                register(
                        Counter.builder("azukari.runs.ended")
                                .description("Runs that ended on this node; outcome RETRY: to be retried")
                                .tag("outcome", count.outcome()),
                        count);
            case JOB_ENDED ->
                register(
                        Counter.builder("azukari.jobs.ended")
                                .description("Jobs that ended on this node")
                                .tag("outcome", count.outcome()),
                        count);
            case RESENT -> RESENT;
        };
    }

    private static Counter register(Counter.Builder counter, Count count) {
        return counter.tag("code", count.code()).register(Telemetry.registry());
    }
}
