package azukari.dispatch;

import azukari.outbox.Parcel;
import azukari.outbox.Parcel.Unreadable;
import azukari.outbox.UnreadableMessageException;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.TextMessage;

/**
 * A lane's bean: unwraps the message, delegates, and lets the container redeliver the message when it throws. The
 * message is acknowledged when {@link #onMessage} returns, which is after the outcome is committed. Each lane's own
 * class specifies its queue and how many messages it processes at a time.
 */
public abstract class LaneBean implements MessageListener {
    @Inject
    private Dispatcher dispatcher;

    @Inject
    private DeadLetters deadLetters;

    @Inject
    private Claiming claiming;

    @Override
    public void onMessage(Message message) {
        try {
            take(message);
        } catch (RedeliverException e) {
            claiming.keepWhileStopping();
            throw e;
        }
    }

    private void take(Message message) {
        Parcel parcel;
        try {
            parcel = Parcel.read(text(message));
        } catch (UnreadableMessageException e) {
            deadLetters.park(message, e);
            return;
        }
        if (!parcel.events().isEmpty()) {
            dispatcher.dispatch(parcel.events());
        }
        // Last, because what is redelivered would be parked again.
        for (Unreadable entry : parcel.unreadable()) {
            deadLetters.park(message, entry);
        }
    }

    private static String text(Message message) throws UnreadableMessageException {
        if (!(message instanceof TextMessage text)) {
            throw new UnreadableMessageException("the message is not a text message", null);
        }
        try {
            String written = text.getText();
            if (written == null) {
                throw new UnreadableMessageException("the message has no text", null);
            }
            return written;
        } catch (JMSException e) {
            throw new RedeliverException("the text of a message could not be fetched from the broker", e);
        }
    }
}
