package azukari.broker;

import azukari.platform.BrokerUnavailableException;

/** The broker is available but refuses an operation: it does not support it, or we lack the permission. */
final class BrokerRefusedException extends BrokerUnavailableException {
    private static final long serialVersionUID = 1L;

    BrokerRefusedException(String operation, Throwable cause) {
        super("the broker refused " + operation, cause);
    }
}
