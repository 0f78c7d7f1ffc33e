package azukari.platform;

/**
 * A text that is not valid JSON, or that is JSON beyond the limits of what is kept. Checked, because bad input is an ordinary
 * case that the caller must answer.
 */
public final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean json;

    private MalformedJsonException(String message, boolean json, Throwable cause) {
        super(message, cause);
        this.json = json;
    }

    /** @param cause null if there is none */
    static MalformedJsonException notJson(String message, Throwable cause) {
        return new MalformedJsonException(message, false, cause);
    }

    /** @param cause null if there is none */
    static MalformedJsonException beyondLimits(String message, Throwable cause) {
        return new MalformedJsonException(message, true, cause);
    }

    /** Whether it is JSON nevertheless: too deep, or with a number or a name that is too long, or with half a character. */
    public boolean isJson() {
        return json;
    }
}
