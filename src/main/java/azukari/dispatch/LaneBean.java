package azukari.dispatch;

import azukari.outbox.Parcel;
import azukari.outbox.Parcel.Unreadable;
import azukari.outbox.UnreadableMessageException;
import azukari.platform.Lane;
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
    private final Lane lane;

    @Inject
    private Dispatcher dispatcher;

    @Inject
    private DeadLetters deadLetters;

    @Inject
    private Claiming claiming;

    LaneBean(Lane lane) {
        this.lane = lane;
    }

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
            deadLetters.park(lane, message, e);
            return;
        }
        if (!parcel.events().isEmpty()) {
            dispatcher.dispatch(parcel.events());
        }
        // Last, because what is redelivered would be parked again.
        for (Unreadable entry : parcel.unreadable()) {
            deadLetters.park(lane, entry);
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
        } catch (RuntimeException e) { // It is called a text, by somebody who is no JMS client.
            throw new UnreadableMessageException("the message's text has another form than a text's: " + e, e);
        }
    }
}
