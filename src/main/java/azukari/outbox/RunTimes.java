package azukari.outbox;

import azukari.platform.Service;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How long recent runs of each event type took on this node: an exponentially weighted mean that follows an increase
 * faster than a decrease.
 */
@Service
public class RunTimes {
    private static final double WEIGHT_OF_LONGER = 0.5;
    private static final double WEIGHT_OF_SHORTER = 0.1;

    private final ConcurrentMap<String, Double> nanos = new ConcurrentHashMap<>();

    /** Records a run, or one that has already taken this long. */
    public void note(String code, Duration took) {
        nanos.merge(code, (double) took.toNanos(), RunTimes::mean);
    }

    private static double mean(double before, double now) {
        return before + (now > before ? WEIGHT_OF_LONGER : WEIGHT_OF_SHORTER) * (now - before);
    }

    /** How long a run is expected to take, in nanoseconds; infinite if no run was recorded. */
    public double expected(String code) {
        return nanos.getOrDefault(code, Double.POSITIVE_INFINITY);
    }
}
