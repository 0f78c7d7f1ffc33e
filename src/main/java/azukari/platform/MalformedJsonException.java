package azukari.platform;

/** A text that is not valid JSON. Checked, because bad input is an ordinary case that the caller must answer. */
public final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
