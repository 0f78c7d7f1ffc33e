package azukari.dispatch;

import azukari.broker.DeadLetterBox;
import azukari.outbox.Parcel.Unreadable;
import azukari.outbox.UnreadableMessageException;
import azukari.platform.Lane;
import azukari.platform.Service;
import jakarta.inject.Inject;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Moves unreadable messages, with the reason, to the queue {@code <lane's queue>.dead}. Nothing else is sent there. */
@Service
public class DeadLetters {
    private static final Logger LOG = System.getLogger(DeadLetters.class.getName());

    private final ConnectionFactory factory;

    @Inject
    public DeadLetters(ConnectionFactory factory) {
        this.factory = factory;
    }

    /** Stores a copy of a message; if that fails, the message is redelivered, so it is never lost. */
    void park(Lane lane, Message message, UnreadableMessageException why) {
        park(lane, session -> copy(session, message), why);
    }

    /** Stores one entry of a pack; the others are run. */
    void park(Lane lane, Unreadable entry) {
        park(lane, session -> session.createTextMessage(entry.text()), entry.why());
    }

    @FunctionalInterface
    private interface Copy {
        Message in(Session session) throws JMSException;
    }

    private void park(Lane lane, Copy copy, UnreadableMessageException why) {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            String queue = lane.deadQueue();
            try {
                send(session, queue, copy.in(session), why);
            } catch (JMSException | RuntimeException e) {
                session.rollback(); // A pool may reuse the session as it is.
                throw e;
            }
            LOG.log(Level.WARNING, "an unreadable message was moved to {0}: {1}", queue, why.getMessage());
        } catch (JMSException e) {
            throw new RedeliverException("an unreadable message could not be dead-lettered; it is redelivered", e);
        }
    }

    private static void send(Session session, String queue, Message copy, UnreadableMessageException why)
            throws JMSException {
        try (MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            copy.setStringProperty(DeadLetterBox.REASON, why.getMessage());
            producer.send(copy, DeliveryMode.PERSISTENT, Message.DEFAULT_PRIORITY, Message.DEFAULT_TIME_TO_LIVE);
            session.commit();
        }
    }

    /** Whatever the message is: what can't be copied is described. */
    private static Message copy(Session session, Message message) throws JMSException {
        try {
            return exactly(session, message);
        } catch (RuntimeException e) {
            return session.createTextMessage("(the content could not be copied: " + e + ")");
        }
    }

    private static Message exactly(Session session, Message message) throws JMSException {
        if (message instanceof TextMessage text) {
            return session.createTextMessage(text.getText());
        }
        if (message instanceof BytesMessage bytes) {
            byte[] content = new byte[Math.toIntExact(bytes.getBodyLength())];
            bytes.readBytes(content);
            BytesMessage copy = session.createBytesMessage();
            copy.writeBytes(content);
            return copy;
        }
        return session.createTextMessage("(neither text nor bytes; the JMSType was " + message.getJMSType() + ")");
    }
}
