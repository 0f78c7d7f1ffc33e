package azukari.broker;

import azukari.platform.UnavailableException;

/** Hints can't be sent; nodes hear of each other's changes by their own checks. */
final class SignalsUnavailableException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    SignalsUnavailableException(Throwable cause) {
        super("no signals to other nodes", cause);
    }
}
