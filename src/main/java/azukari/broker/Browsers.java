package azukari.broker;

import azukari.platform.BrokerUnavailableException;
import azukari.platform.Service;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Shows a queue page by page. A browser can't begin in the middle, and each message that it skips is a round trip to the
 * broker; so the last one that was left in the middle is kept for whoever asks for the page that follows.
 */
@Service
final class Browsers {
    private static final Logger LOG = System.getLogger(Browsers.class.getName());

    private final ConnectionFactory factory;
    private final AtomicReference<Browser> kept = new AtomicReference<>();

    @Inject
    Browsers(ConnectionFactory factory) {
        this.factory = factory;
    }

    /**
     * Messages in the order of the queue.
     *
     * @param after the id of the message to continue after; null for the beginning
     * @return empty if no message has that id
     * @throws BrokerUnavailableException if the broker does not answer
     */
    Optional<List<Message>> page(String queue, String after, int limit) {
        Browser before = kept.getAndSet(null);
        if (before != null && before.stoodAt(queue, after)) {
            try {
                return Optional.of(read(before, limit));
            } catch (JMSException e) {
                LOG.log(Level.DEBUG, "the queue is browsed from its beginning, because the broker was away", e);
            }
        } else if (before != null) {
            before.close();
        }
        try {
            Browser browser = new Browser(factory, queue);
            return browser.skipsTo(after) ? Optional.of(read(browser, limit)) : Optional.empty();
        } catch (JMSException e) {
            throw new BrokerUnavailableException(e);
        }
    }

    private List<Message> read(Browser browser, int limit) throws JMSException {
        List<Message> page = browser.next(limit);
        if (page.size() < limit) {
            browser.close();
        } else {
            Browser other = kept.getAndSet(browser);
            if (other != null) {
                other.close();
            }
        }
        return page;
    }

    @PreDestroy
    void close() {
        Browser last = kept.getAndSet(null);
        if (last != null) {
            last.close();
        }
    }

    /** A browser that closes itself when it fails or has skipped everything. Used by one thread at a time. */
    private static final class Browser {
        private final String queue;
        private final Connection connection;
        private final Enumeration<?> messages;
        private String last;

        Browser(ConnectionFactory factory, String queue) throws JMSException {
            this.queue = queue;
            connection = factory.createConnection();
            try {
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                connection.start();
                messages = session.createBrowser(session.createQueue(queue)).getEnumeration();
            } catch (JMSException | RuntimeException e) {
                close();
                throw e;
            }
        }

        boolean stoodAt(String other, String after) {
            return queue.equals(other) && last.equals(after);
        }

        boolean skipsTo(String after) throws JMSException {
            if (after == null) {
                return true;
            }
            List<Message> skipped;
            do {
                skipped = next(1);
            } while (!skipped.isEmpty() && !last.equals(after));
            if (skipped.isEmpty()) {
                close();
            }
            return !skipped.isEmpty();
        }

        List<Message> next(int limit) throws JMSException {
            try {
                List<Message> page = new ArrayList<>();
                while (page.size() < limit && Looks.hasMore(messages)) {
                    Message message = (Message) messages.nextElement();
                    if (message != null) { // Of what is no JMS message, Artemis makes null.
                        page.add(message);
                        last = message.getJMSMessageID();
                    }
                }
                return page;
            } catch (JMSException | RuntimeException e) {
                close();
                throw e;
            }
        }

        void close() {
            try {
                connection.close();
            } catch (JMSException e) {
                LOG.log(Level.DEBUG, "a broker connection could not be closed; the broker will drop it", e);
            }
        }
    }
}
