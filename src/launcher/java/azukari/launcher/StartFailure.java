package azukari.launcher;

/** The reason that the application leaves when it refuses to start: the server has no way to return it. */
final class StartFailure {
    /** The system property that the application sets. */
    private static final String PROPERTY = "azukari.start.failure";

    private StartFailure() {}

    /**
     * Checks for a reason.
     *
     * @throws StartException with that reason, if there is one
     */
    static void check() throws StartException {
        String reason = System.getProperty(PROPERTY);
        if (reason != null) {
            throw new StartException(reason);
        }
    }
}
