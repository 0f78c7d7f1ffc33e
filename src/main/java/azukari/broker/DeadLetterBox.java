package azukari.broker;

import azukari.platform.BrokerUnavailableException;
import azukari.platform.Lane;
import azukari.platform.Service;
import azukari.platform.Texts;
import jakarta.inject.Inject;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A lane's messages that were put aside because they could not be read: to be looked at, and to be put back. */
@Service
public class DeadLetterBox {
    /** The property that holds the reason why a message is a dead letter. */
    public static final String REASON = "azukari_reason";

    /**
     * The reason given for messages that carry none of ours: the broker's own rules, such as a delivery limit, or
     * somebody put them there.
     */
    private static final String NOT_OURS = "put aside by the broker, or by hand";

    /** How many are put back at a time if none are named. */
    public static final int MOST_AT_ONCE = 1000;

    private static final int MOST_IN_ONE_TRANSACTION = 50;
    private static final int SHOWN = 500;
    private static final Pattern JOB =
            Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\"");

    private final Sessions sessions;
    private final Browsers browsers;

    @Inject
    public DeadLetterBox(Sessions sessions, Browsers browsers) {
        this.sessions = sessions;
        this.browsers = browsers;
    }

    /**
     * A message that was put aside.
     *
     * @param id the broker's own message id
     * @param job the job that its text names, whether or not that job exists; null if it names none
     * @param reason why it was put aside
     * @param text at most its first 500 characters; null if it is not a text message
     */
    public record DeadLetter(String id, Instant at, UUID job, String reason, String text) {}

    /**
     * The result of a retry.
     *
     * @param retried how many went back to the lane
     * @param missing ids that do not exist (any more)
     */
    public record Retried(int retried, List<String> missing) {}

    /**
     * A lane's dead letters, the oldest first.
     *
     * @param after the id to continue after; null for the beginning
     * @return empty if no dead letter has that id
     * @throws BrokerUnavailableException if the broker does not answer
     */
    public Optional<List<DeadLetter>> page(String lane, String after, int limit) {
        return browsers.page(Lane.deadQueueOf(Lane.queueOf(lane)), after, limit)
                .map(messages -> messages.stream().map(DeadLetterBox::read).toList());
    }

    /**
     * Puts dead letters back into the lane. Each leaves one queue and enters the other in the same JMS transaction.
     *
     * @param ids which ones; empty for all that are there now, at most {@link #MOST_AT_ONCE}
     * @throws BrokerUnavailableException if the broker did not confirm; some may have been put back
     */
    public Retried retry(String lane, List<String> ids) {
        return sessions.transacted(session -> ids.isEmpty() ? retryAll(session, lane) : retryThese(session, lane, ids));
    }

    private static Retried retryAll(Session session, String lane) throws JMSException {
        // Counted first, because one that can't be read this time either comes back in the meantime.
        int count = count(session, lane);
        int retried = 0;
        try (MessageConsumer consumer = session.createConsumer(box(session, lane))) {
            while (retried < count && putBack(session, lane, consumer)) {
                retried++;
                if (retried % MOST_IN_ONE_TRANSACTION == 0) {
                    session.commit();
                }
            }
            session.commit();
        }
        return new Retried(retried, List.of());
    }

    private static Retried retryThese(Session session, String lane, List<String> ids) throws JMSException {
        List<String> missing = new ArrayList<>();
        for (String id : ids) {
            String selector = "JMSMessageID = '" + id.replace("'", "''") + "'";
            try (MessageConsumer consumer = session.createConsumer(box(session, lane), selector)) {
                if (!putBack(session, lane, consumer)) {
                    missing.add(id);
                }
                session.commit();
            }
        }
        return new Retried(ids.size() - missing.size(), missing);
    }

    private static int count(Session session, String lane) throws JMSException {
        try (QueueBrowser browser = session.createBrowser(box(session, lane))) {
            Enumeration<?> messages = browser.getEnumeration();
            int count = 0;
            while (count < MOST_AT_ONCE && Looks.hasMore(messages)) {
                messages.nextElement();
                count++;
            }
            return count;
        }
    }

    private static boolean putBack(Session session, String lane, MessageConsumer from) throws JMSException {
        Message message = Looks.next(from);
        if (message == null) {
            return false;
        }
        int priority = message.getJMSPriority();
        message.clearProperties(); // The reason, and what the broker added.
        try (MessageProducer producer = session.createProducer(session.createQueue(Lane.queueOf(lane)))) {
            producer.send(message, DeliveryMode.PERSISTENT, priority, Message.DEFAULT_TIME_TO_LIVE);
        }
        return true;
    }

    private static DeadLetter read(Message message) {
        try {
            String text = message instanceof TextMessage textual ? textual.getText() : null;
            return new DeadLetter(
                    message.getJMSMessageID(),
                    Instant.ofEpochMilli(message.getJMSTimestamp()),
                    text == null ? null : job(text),
                    message.propertyExists(REASON) ? message.getStringProperty(REASON) : NOT_OURS,
                    text == null ? null : Texts.beginning(text, SHOWN));
        } catch (JMSException e) {
            throw new BrokerUnavailableException(e);
        }
    }

    private static UUID job(String text) {
        Matcher matcher = JOB.matcher(text);
        return matcher.find() ? UUID.fromString(matcher.group(1)) : null;
    }

    private static Queue box(Session session, String lane) throws JMSException {
        return session.createQueue(Lane.deadQueueOf(Lane.queueOf(lane)));
    }
}
