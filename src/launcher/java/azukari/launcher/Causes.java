package azukari.launcher;

/** Finds the causes of a failure. */
final class Causes {
    private static final int DEEPEST = 50;

    private Causes() {}

    /**
     * Whether a failure, or one of its causes, has the class with this name: the application's classes are not known
     * here.
     */
    static boolean has(Throwable failure, String className) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause.getClass().getName().equals(className)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** The innermost cause in one line: its message if that is self-explanatory, otherwise preceded by its type. */
    static String innermost(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < DEEPEST; depth++) {
            cause = cause.getCause();
        }
        boolean ours = cause instanceof IllegalStateException || cause instanceof IllegalArgumentException;
        String message = cause.getMessage();
        String said = ours && message != null && !message.isBlank() ? message : cause.toString();
        return said.strip().replaceAll("\\R\\s*", " | ");
    }
}
