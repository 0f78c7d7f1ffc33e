package azukari.dispatch;

/**
 * Thrown out of a lane's bean so that the broker redelivers the message, after its delay and without limit (rule 2).
 */
final class RedeliverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RedeliverException(String message, Throwable cause) {
        super(message, cause);
    }
}
