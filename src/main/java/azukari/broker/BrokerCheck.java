package azukari.broker;

import azukari.platform.BrokerUnavailableException;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/** Asks the broker every few seconds whether it is there, so that nobody who asks us has to wait for its time-out. */
@Service
public class BrokerCheck {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Marks marks;
    private final Loop loop;
    private volatile String problem = "not asked yet";

    @Inject
    public BrokerCheck(Marks marks, Threads threads) {
        this.marks = marks;
        this.loop = threads.loop("broker-check", PAUSE, this::ask);
    }

    /** Why the broker did not answer last time; empty when it did. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    private void ask() {
        try {
            marks.read();
            problem = null;
        } catch (BrokerUnavailableException e) {
            problem = e.getMessage();
        }
    }

    @PreDestroy
    void stop() {
        loop.close();
    }
}
