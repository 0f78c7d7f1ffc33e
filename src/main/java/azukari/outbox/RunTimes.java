package azukari.outbox;

import azukari.platform.Service;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How long the runs of each event type took on this node lately: an exponentially weighted mean that believes bad news sooner
 * than good.
 */
@Service
public class RunTimes {
    private static final double WEIGHT_OF_LONGER = 0.5;
    private static final double WEIGHT_OF_SHORTER = 0.1;

    private final ConcurrentMap<String, Double> nanos = new ConcurrentHashMap<>();

    /** Notes a run, or one that has taken so long already. */
    public void note(String code, Duration took) {
        nanos.merge(code, (double) took.toNanos(), RunTimes::mean);
    }

    private static double mean(double before, double now) {
        return before + (now > before ? WEIGHT_OF_LONGER : WEIGHT_OF_SHORTER) * (now - before);
    }

    /** What a run is expected to take, in nanoseconds; without end for what was never noted. */
    double expected(String code) {
        return nanos.getOrDefault(code, Double.POSITIVE_INFINITY);
    }
}
