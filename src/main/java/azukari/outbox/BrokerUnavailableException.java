package azukari.outbox;

import azukari.platform.UnavailableException;
import jakarta.jms.JMSException;

/** The broker did not confirm a send; the outbox rows are still there, and the sweeper sends them once more. */
final class BrokerUnavailableException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    BrokerUnavailableException(JMSException cause) {
        super("the broker is away", cause);
    }
}
