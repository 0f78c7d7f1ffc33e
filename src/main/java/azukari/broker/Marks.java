package azukari.broker;

import azukari.platform.BrokerUnavailableException;
import azukari.platform.LaneNames;
import azukari.platform.Service;
import jakarta.inject.Inject;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.util.Enumeration;
import java.util.Optional;
import java.util.UUID;

/**
 * The mark by which a broker is recognized: a message that stays in a queue of its own, so it is kept, lost, copied and
 * restored together with the jobs' messages.
 */
@Service
public class Marks {
    private static final String QUEUE = LaneNames.PREFIX + "identity";
    private static final String BROKER = "azukari_broker";
    private static final String STAMP = "azukari_stamp";

    private final Sessions sessions;

    @Inject
    public Marks(Sessions sessions) {
        this.sessions = sessions;
    }

    /**
     * What a broker carries so that it can be recognized.
     *
     * @param broker the name that the broker was given when it was first seen
     * @param stamp grows now and then, so that an old copy of the broker's journal can be recognized by its smaller one
     */
    public record Mark(UUID broker, long stamp) {
        /** The same broker's next mark. */
        public Mark next() {
            return new Mark(broker, stamp + 1);
        }
    }

    /**
     * The broker's mark; empty if it has none.
     *
     * @throws BrokerUnavailableException if the broker does not answer
     */
    public Optional<Mark> read() {
        return sessions.plain(session -> read(session, session.createQueue(QUEUE)));
    }

    /**
     * Replaces the broker's mark if it is still the expected one. Everything happens in one session: a session that
     * loses its broker in between does not continue with another.
     *
     * @return false if the broker's mark was not the expected one
     * @throws BrokerUnavailableException if the broker did not confirm
     */
    public boolean replace(Optional<Mark> expected, Mark next) {
        return sessions.plain(session -> {
            Queue queue = session.createQueue(QUEUE);
            if (!read(session, queue).equals(expected)) {
                return false;
            }
            send(session, queue, next);
            removeOthers(session, queue, next);
            return true;
        });
    }

    /** The last mark counts: a crash may have left the previous one, which is removed only after it was written. */
    private static Optional<Mark> read(Session session, Queue queue) throws JMSException {
        Optional<Mark> last = Optional.empty();
        try (QueueBrowser browser = session.createBrowser(queue, BROKER + " IS NOT NULL")) {
            Enumeration<?> messages = browser.getEnumeration();
            while (messages.hasMoreElements()) {
                Message message = (Message) messages.nextElement();
                last = Optional.of(
                        new Mark(UUID.fromString(message.getStringProperty(BROKER)), message.getLongProperty(STAMP)));
            }
        }
        return last;
    }

    private static void send(Session session, Queue queue, Mark mark) throws JMSException {
        try (MessageProducer producer = session.createProducer(queue)) {
            Message message = session.createMessage();
            message.setStringProperty(BROKER, mark.broker().toString());
            message.setLongProperty(STAMP, mark.stamp());
            producer.send(message, DeliveryMode.PERSISTENT, Message.DEFAULT_PRIORITY, Message.DEFAULT_TIME_TO_LIVE);
        }
    }

    private static void removeOthers(Session session, Queue queue, Mark mark) throws JMSException {
        String others = BROKER + " <> '" + mark.broker() + "' OR " + STAMP + " <> " + mark.stamp();
        try (MessageConsumer consumer = session.createConsumer(queue, others)) {
            Message removed;
            do {
                removed = consumer.receiveNoWait();
            } while (removed != null);
        }
    }
}
