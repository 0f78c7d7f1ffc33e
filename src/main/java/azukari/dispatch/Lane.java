package azukari.dispatch;

import azukari.outbox.Envelope;
import azukari.outbox.UnreadableMessageException;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.TextMessage;

/**
 * A lane's bean: unwraps, delegates, and lets the container redeliver when it throws. The message is acknowledged when
 * {@link #onMessage} returns, which is after the outcome is committed. Destination and {@code maxSession} are in the
 * server's descriptors.
 */
public abstract class Lane implements MessageListener {
    @Inject
    private Dispatcher dispatcher;

    @Inject
    private DeadLetters deadLetters;

    @Override
    public void onMessage(Message message) {
        try {
            dispatcher.dispatch(envelope(message));
        } catch (UnreadableMessageException e) {
            deadLetters.park(message, e);
        }
    }

    private static Envelope envelope(Message message) throws UnreadableMessageException {
        if (!(message instanceof TextMessage text)) {
            throw new UnreadableMessageException("the message is no text message", null);
        }
        try {
            return Envelope.read(text.getText());
        } catch (JMSException e) {
            throw new RedeliverException("a message's text could not be fetched from the broker", e);
        }
    }
}
