package azukari.catalog;

/** A file that is not YAML in the supported subset. Checked, because a broken file is an ordinary case. */
final class UnreadableYamlException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableYamlException(String message, Throwable cause) {
        super(message, cause);
    }

    UnreadableYamlException(String message) {
        super(message);
    }
}
