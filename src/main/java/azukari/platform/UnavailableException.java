package azukari.platform;

/**
 * Something that Azukari stands on is away and will come back. Expected, so it is logged in one line, without a stack trace.
 */
public abstract class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param what what is away, such as "the database is away"
     * @param cause the failure; the innermost one's first line becomes part of the message
     */
    protected UnavailableException(String what, Throwable cause) {
        super(what + ": " + innermost(cause), cause);
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return text.lines().findFirst().orElse(text);
    }
}
