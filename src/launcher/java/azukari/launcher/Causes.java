package azukari.launcher;

/** Says what lies behind a failure. */
final class Causes {
    private static final int DEEPEST = 50;

    private Causes() {}

    /** One line: the message of the innermost cause, or its type where it has none. */
    static String innermost(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < DEEPEST; depth++) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null || message.isBlank()
                ? cause.toString()
                : message.strip().replaceAll("\\R\\s*", " | ");
    }
}
