package azukari.outbox;

import azukari.platform.Lane;
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
 * One transacted broker session for one sending thread: opened when it is first needed, discarded after a failure. The
 * session is not part of a container transaction.
 */
final class Wire implements AutoCloseable {
    private final ConnectionFactory factory;
    private final Packing packing;
    private Connection connection;
    private Session session;
    /** By lane. Each is kept with its queue: looking up a queue by name in a session is a round trip to the broker. */
    private final Map<String, MessageProducer> producers = new HashMap<>();

    Wire(ConnectionFactory factory, Packing packing) {
        this.factory = factory;
        this.packing = packing;
    }

    /**
     * Sends all jobs in one JMS transaction.
     *
     * @return the number of messages
     * @throws JMSException if the broker did not confirm; the messages may have been sent nonetheless
     */
    int send(List<Envelope> jobs) throws JMSException {
        try {
            open();
            List<List<Envelope>> packs = packing.pack(jobs);
            for (List<Envelope> pack : packs) {
                send(pack.get(0), pack.stream().map(Envelope::write).toList());
            }
            session.commit();
            return packs.size();
        } catch (JMSException | RuntimeException e) {
            abandon(e);
            throw e;
        }
    }

    private void send(Envelope first, List<String> texts) throws JMSException {
        Message message = session.createTextMessage(Parcel.write(texts));
        producer(first.lane())
                .send(message, DeliveryMode.PERSISTENT, first.event().priority(), Message.DEFAULT_TIME_TO_LIVE);
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
            producer = session.createProducer(session.createQueue(Lane.queueOf(lane)));
            producers.put(lane, producer);
        }
        return producer;
    }

    /**
     * Rolls back first: a pool may reuse the session as it is, and its next user would commit what is pending in it.
     */
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
