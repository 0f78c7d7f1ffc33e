package azukari.broker;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import java.util.Enumeration;

/**
 * Looks at what a queue holds now. That there is nothing more, Artemis' client also says where the broker's answer has overtaken a
 * large message; asked once more, it has it.
 */
final class Looks {
    private static final int TIMES = 3;

    private Looks() {}

    /** Whether a browser has a further message. */
    static boolean hasMore(Enumeration<?> browsed) {
        for (int look = 1; look <= TIMES; look++) {
            if (browsed.hasMoreElements()) {
                return true;
            }
        }
        return false;
    }

    /** The next message; null if there is none. */
    static Message next(MessageConsumer consumer) throws JMSException {
        Message message = null;
        for (int look = 1; look <= TIMES && message == null; look++) {
            message = consumer.receiveNoWait();
        }
        return message;
    }
}
