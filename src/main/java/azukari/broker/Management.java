package azukari.broker;

import azukari.platform.BrokerUnavailableException;
import azukari.platform.Json;
import azukari.platform.Service;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;

/**
 * Operations on the broker's own resources by management messages (Artemis user manual, chapter "Management", "Using
 * management messages"): the parameters are a JSON array in the request's text, the result is one in the reply's. Plain
 * JMS, so it works the same in this JVM, over a socket and in another server. One session is kept, and one request is
 * in flight at a time.
 */
@Service
final class Management {
    private static final Logger LOG = System.getLogger(Management.class.getName());
    private static final String ADDRESS = "activemq.management";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ConnectionFactory factory;
    private final ReentrantLock lock = new ReentrantLock();
    private Connection connection;
    private Session session;
    private MessageProducer requests;
    private TemporaryQueue replyTo;
    private MessageConsumer answers;

    @Inject
    Management(ConnectionFactory factory) {
        this.factory = factory;
    }

    /**
     * Runs an operation and returns its result.
     *
     * @param resource such as {@code broker} or {@code queue.NAME}
     * @param parameters strings, numbers and booleans
     * @throws BrokerUnavailableException if the broker is unavailable, does not answer within 2 s, or refuses
     */
    JsonNode invoke(String resource, String operation, Object... parameters) {
        try {
            if (!lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BrokerUnavailableException(new TimeoutException("it is busy with other requests"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnavailableException(e);
        }
        try {
            return onAnySession(resource, operation, parameters);
        } finally {
            lock.unlock();
        }
    }

    /** A kept session may have died since: then the request is retried once, on a new session. */
    private JsonNode onAnySession(String resource, String operation, Object... parameters) {
        boolean kept = session != null;
        try {
            return ask(resource, operation, parameters);
        } catch (JMSSecurityException e) {
            abandon();
            throw new BrokerRefusedException(operation + " on " + resource, e);
        } catch (JMSException e) {
            abandon();
            if (!kept) {
                throw new BrokerUnavailableException(e);
            }
        }
        try {
            return ask(resource, operation, parameters);
        } catch (JMSException e) {
            abandon();
            throw new BrokerUnavailableException(e);
        }
    }

    private JsonNode ask(String resource, String operation, Object... parameters) throws JMSException {
        open();
        Message request = session.createTextMessage(Json.write(List.of(parameters)));
        request.setStringProperty("_AMQ_ResourceName", resource);
        request.setStringProperty("_AMQ_OperationName", operation);
        request.setJMSReplyTo(replyTo);
        // Nothing of it is stored, but only a persistent send waits until the broker has accepted or refused it.
        requests.send(request, DeliveryMode.PERSISTENT, Message.DEFAULT_PRIORITY, PATIENCE.toMillis());
        Message answer = answers.receive(PATIENCE.toMillis());
        if (answer == null) {
            abandon(); // A late reply must not be taken for the reply to the next request.
            throw new BrokerUnavailableException(new TimeoutException("no answer to " + operation + " in time"));
        }
        String text = answer instanceof TextMessage textual ? textual.getText() : null;
        JsonNode result =
                text == null ? Json.object().nullNode() : Json.read(text).path(0);
        if (!answer.getBooleanProperty("_AMQ_OperationSucceeded")) {
            throw new BrokerRefusedException(operation + " on " + resource, new JMSException(result.asString("")));
        }
        return result;
    }

    private void open() throws JMSException {
        if (session == null) {
            connection = factory.createConnection();
            session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            Queue address = session.createQueue(ADDRESS);
            requests = session.createProducer(address);
            replyTo = session.createTemporaryQueue();
            answers = session.createConsumer(replyTo);
            connection.start();
        }
    }

    private void abandon() {
        Connection old = connection;
        connection = null;
        session = null;
        if (old != null) {
            try {
                old.close();
            } catch (JMSException e) {
                LOG.log(Level.DEBUG, "a broker connection could not be closed; the broker will drop it", e);
            }
        }
    }

    @PreDestroy
    void close() {
        lock.lock();
        try {
            abandon();
        } finally {
            lock.unlock();
        }
    }
}
