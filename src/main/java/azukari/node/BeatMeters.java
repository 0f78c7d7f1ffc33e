package azukari.node;

import azukari.platform.Telemetry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Meters for this node's successful beats. */
final class BeatMeters {
    private static final AtomicLong LAST = new AtomicLong(System.nanoTime());
    private static final Counter BEATS = Counter.builder("azukari.beats")
            .description("Beats of this node that went through")
            .register(Telemetry.registry());

    static {
        TimeGauge.builder("azukari.beat.age", LAST, TimeUnit.NANOSECONDS, last -> System.nanoTime() - last.get())
                .description("Time since this node's last beat that went through")
                .register(Telemetry.registry());
    }

    private BeatMeters() {}

    static void beat() {
        LAST.set(System.nanoTime());
        BEATS.increment();
    }
}
