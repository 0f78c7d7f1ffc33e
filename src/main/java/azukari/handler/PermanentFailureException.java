package azukari.handler;

/** Thrown by a handler if a retry is pointless: the job fails at once. */
public class PermanentFailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message for people; shown in the job's {@code error}
     */
    public PermanentFailureException(String message) {
        super(message);
    }

    /**
     * @param message for people; shown in the job's {@code error}
     * @param cause the cause
     */
    public PermanentFailureException(String message, Throwable cause) {
        super(message, cause);
    }
}
