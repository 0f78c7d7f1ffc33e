package azukari.dispatch;

import azukari.job.Event;
import azukari.platform.Telemetry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Times runs; the label values are the catalogue's codes and the lanes. */
final class RunMeters {
    private static final ConcurrentMap<String, OfCode> BY_CODE = new ConcurrentHashMap<>();
    private static final ConcurrentMap<String, OfLane> BY_LANE = new ConcurrentHashMap<>();

    private RunMeters() {}

    /** The meters of an event type. */
    static OfCode of(String code) {
        return BY_CODE.computeIfAbsent(code, OfCode::new);
    }

    /** The meters of a lane, by its name as written in event types. */
    static OfLane ofLane(String lane) {
        return BY_LANE.computeIfAbsent(lane, OfLane::new);
    }

    static final class OfCode {
        private final Timer handler;

        private OfCode(String code) {
            handler = Telemetry.timer(
                            "azukari.run",
                            "How long a handler ran, whatever the outcome",
                            5,
                            10,
                            25,
                            50,
                            100,
                            250,
                            500,
                            1_000,
                            2_500,
                            5_000,
                            10_000,
                            30_000,
                            60_000,
                            300_000,
                            1_800_000)
                    .tag("code", code)
                    .register(Telemetry.registry());
        }

        /** Times the handler's part of a run. */
        Timer handler() {
            return handler;
        }
    }

    static final class OfLane {
        private final AtomicInteger active = new AtomicInteger();
        private final Timer pickUp;

        private OfLane(String lane) {
            Gauge.builder("azukari.lane.active.runs", active, AtomicInteger::get)
                    .description("Messages that the lane is processing on this node")
                    .tag("lane", lane)
                    .register(Telemetry.registry());
            pickUp = Telemetry.timer(
                            "azukari.pickup",
                            "From the time a job could run (accepted, or notBefore) to the claim of its first run",
                            1,
                            2,
                            5,
                            10,
                            15,
                            25,
                            50,
                            100,
                            250,
                            500,
                            1_000,
                            5_000,
                            30_000,
                            300_000)
                    .tag("lane", lane)
                    .register(Telemetry.registry());
        }

        void begin() {
            active.incrementAndGet();
        }

        void end() {
            active.decrementAndGet();
        }

        /**
         * Records a claim. If another node accepted the event, the result includes the difference between the clocks.
         */
        void pickedUp(Run run) {
            if (run.ref().number() == 1) {
                Event event = run.work().event();
                Instant since = event.notBefore() != null && event.notBefore().isAfter(event.createdAt())
                        ? event.notBefore()
                        : event.createdAt();
                Duration took = Duration.between(since, run.ref().startedAt());
                if (!took.isNegative()) { // A retry does not wait for notBefore.
                    pickUp.record(took);
                }
            }
        }
    }
}
