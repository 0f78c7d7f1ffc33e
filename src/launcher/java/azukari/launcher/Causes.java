package azukari.launcher;

/** Says what lies behind a failure. */
final class Causes {
    private static final int DEEPEST = 50;

    private Causes() {}

    /** Whether a failure, or one behind it, is of the class of this name: the application's classes are not known here. */
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

    /** One line: the innermost cause, by its message where that speaks for itself, else with its type before it. */
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
