package azukari.outbox;

/** A message that no redelivery will make readable. Checked, because the receiver must dead-letter it. */
public final class UnreadableMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnreadableMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
