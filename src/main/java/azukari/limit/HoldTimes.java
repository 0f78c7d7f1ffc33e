package azukari.limit;

import azukari.platform.Service;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How long runs of limited event types took lately on this node: a moving average. */
@Service
public class HoldTimes {
    private static final double WEIGHT = 0.1;

    private final Map<String, Double> nanos = new ConcurrentHashMap<>();

    public void note(String code, Duration took) {
        nanos.merge(code, (double) took.toNanos(), (before, now) -> before + WEIGHT * (now - before));
    }

    /** Empty if none has ended here. */
    public Optional<Duration> of(String code) {
        return Optional.ofNullable(nanos.get(code)).map(average -> Duration.ofNanos(average.longValue()));
    }
}
