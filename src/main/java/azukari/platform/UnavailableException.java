package azukari.platform;

/**
 * Something that Azukari depends on is unavailable and will come back. Expected, so it is logged in one line, without a
 * stack trace.
 */
public abstract class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param what what is unavailable, such as "the database is unavailable"
     * @param cause the failure; the first line of its innermost cause becomes part of the message
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
