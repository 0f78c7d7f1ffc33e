package azukari.handler;

/** Thrown by a handler when trying again makes no sense: the job fails at once. */
public class PermanentFailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message for people; it is shown in the job's {@code error}
     */
    public PermanentFailureException(String message) {
        super(message);
    }

    /**
     * @param message for people; it is shown in the job's {@code error}
     * @param cause what led to it
     */
    public PermanentFailureException(String message, Throwable cause) {
        super(message, cause);
    }
}
