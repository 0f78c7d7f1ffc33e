package azukari.broker;

import azukari.platform.BrokerUnavailableException;

/** The broker is there and does not do what it was asked: it does not know how, or we may not ask. */
final class BrokerRefusedException extends BrokerUnavailableException {
    private static final long serialVersionUID = 1L;

    BrokerRefusedException(String operation, Throwable cause) {
        super("the broker refused " + operation, cause);
    }
}
