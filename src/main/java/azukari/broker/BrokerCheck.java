package azukari.broker;

import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.Optional;

/** Asks the broker every few seconds whether it is there, so that nobody who asks us has to wait for its time-out. */
@Service
public class BrokerCheck {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final ConnectionFactory factory;
    private final Loop loop;
    private volatile String problem = "not asked yet";

    @Inject
    public BrokerCheck(ConnectionFactory factory, Threads threads) {
        this.factory = factory;
        this.loop = threads.loop("broker-check", PAUSE, this::ask);
    }

    /** Why the broker did not answer last time; empty when it did. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** A browser makes a round trip, where opening a session alone may be served from a pool. */
    private void ask() {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                QueueBrowser browser = session.createBrowser(session.createQueue("azukari.default"))) {
            connection.start();
            browser.getEnumeration().hasMoreElements();
            problem = null;
        } catch (JMSException e) {
            problem = e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    @PreDestroy
    void stop() {
        loop.close();
    }
}
