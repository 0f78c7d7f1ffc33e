package azukari.broker;

import azukari.platform.BrokerUnavailableException;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/**
 * Checks every few seconds whether the broker is available and fit for the lanes, so that nobody who asks this node has
 * to wait for the broker's timeout.
 */
@Service
public class BrokerCheck {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private static final Logger LOG = System.getLogger(BrokerCheck.class.getName());

    private final Marks marks;
    private final LaneRules rules;
    private final Loop loop;
    private volatile String problem = "not checked yet";
    private String warned = "";

    @Inject
    public BrokerCheck(Marks marks, LaneRules rules, Threads threads) {
        this.marks = marks;
        this.rules = rules;
        this.loop = threads.loop("broker-check", PAUSE, this::ask);
    }

    /** Why the broker did not answer the last time, or what must be set on it; empty if all is well. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * Checks now, before anything is sent or received. A broker that is unavailable is checked once it is available.
     *
     * @throws IllegalStateException if the broker must be set up first, with a one-line message that states how
     */
    public void refuseUnfit() {
        Optional<String> missing;
        try {
            missing = rules.missing();
        } catch (BrokerUnavailableException e) {
            return;
        }
        missing.ifPresent(line -> {
            throw new IllegalStateException(line);
        });
    }

    private void ask() {
        try {
            marks.read();
            Optional<String> missing = rules.missing();
            missing.ifPresent(this::warnOnce);
            problem = missing.orElse(null);
        } catch (BrokerUnavailableException e) {
            rules.forget();
            problem = e.getMessage();
        }
    }

    private void warnOnce(String line) {
        if (!warned.equals(line)) {
            warned = line;
            LOG.log(Level.WARNING, "{0}", line);
        }
    }

    @PreDestroy
    void stop() {
        loop.close();
    }
}
