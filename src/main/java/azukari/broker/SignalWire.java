package azukari.broker;

import azukari.platform.LaneNames;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * The signals' connection to the broker: a topic, with nothing stored, opened when first needed and discarded after a
 * failure.
 */
final class SignalWire {
    /** The property that names the sending node's process. */
    static final String SENDER = "azukari_sender";

    private static final Logger LOG = System.getLogger(SignalWire.class.getName());
    static final String TOPIC = LaneNames.PREFIX + "signals";
    /** A hint that is older than the checks that make it unnecessary is useless. */
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(5);

    private final ConnectionFactory factory;
    private final String sender;
    private Connection connection;
    private Session session;
    private MessageProducer producer;

    SignalWire(ConnectionFactory factory, String sender) {
        this.factory = factory;
        this.sender = sender;
    }

    synchronized void send(String text) throws JMSException {
        try {
            open();
            Message message = session.createTextMessage(text);
            message.setStringProperty(SENDER, sender);
            producer.send(message);
        } catch (JMSException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open() throws JMSException {
        if (producer != null) {
            return;
        }
        connection = factory.createConnection();
        session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageProducer opened = session.createProducer(session.createTopic(TOPIC));
        opened.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        opened.setDisableMessageID(true);
        opened.setTimeToLive(TIME_TO_LIVE.toMillis());
        producer = opened;
    }

    synchronized void close() {
        Connection old = connection;
        connection = null;
        session = null;
        producer = null;
        if (old != null) {
            try {
                old.close();
            } catch (JMSException e) {
                LOG.log(Level.DEBUG, "a broker connection could not be closed; it is abandoned", e);
            }
        }
    }
}
