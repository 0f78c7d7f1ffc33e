package azukari.outbox;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One transacted session to the broker for one sending thread: opened when it is first needed, thrown away after a
 * failure. The session is in no container transaction.
 */
final class Wire implements AutoCloseable {
    private final ConnectionFactory factory;
    private Connection connection;
    private Session session;
    /** By lane. Each is kept with its queue: to ask a session for a queue by name is a round trip to the broker. */
    private final Map<String, MessageProducer> producers = new HashMap<>();

    Wire(ConnectionFactory factory) {
        this.factory = factory;
    }

    /**
     * Sends all messages in one JMS transaction.
     *
     * @throws JMSException when the broker did not confirm; the messages may have been sent all the same
     */
    void send(List<Envelope> envelopes) throws JMSException {
        try {
            open();
            for (Envelope envelope : envelopes) {
                Message message = session.createTextMessage(envelope.write());
                producer(envelope.lane())
                        .send(message, DeliveryMode.PERSISTENT, envelope.priority(), Message.DEFAULT_TIME_TO_LIVE);
            }
            session.commit();
        } catch (JMSException | RuntimeException e) {
            abandon(e);
            throw e;
        }
    }

    private void open() throws JMSException {
        if (session == null) {
            connection = factory.createConnection();
            session = connection.createSession(true, Session.SESSION_TRANSACTED);
        }
    }

    private MessageProducer producer(String lane) throws JMSException {
        MessageProducer producer = producers.get(lane);
        if (producer == null) {
            producer = session.createProducer(session.createQueue("azukari." + lane));
            producers.put(lane, producer);
        }
        return producer;
    }

    /** Rolls back first: a pool may hand the session on as it is, and its next user would commit what stands in it. */
    private void abandon(Exception cause) {
        try {
            if (session != null) {
                session.rollback();
            }
        } catch (JMSException e) {
            cause.addSuppressed(e);
        }
        try {
            close();
        } catch (JMSException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() throws JMSException {
        Connection old = connection;
        connection = null;
        session = null;
        producers.clear();
        if (old != null) {
            old.close();
        }
    }
}
