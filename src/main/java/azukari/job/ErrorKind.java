package azukari.job;

/** Why a job failed, or was postponed. */
public enum ErrorKind {
    /** The handler used its attempts up, or failed for good. */
    HANDLER,
    /** A run was longer than the event type's {@code timeout}. */
    TIMEOUT,
    /** The outside said no for good. */
    REJECTED,
    /** It did not end within {@code expireAfter}. */
    EXPIRED,
    /** Three deaths of the process count against it (rule 7). */
    POISON,
    /** Its run was cut off, so that nobody knows whether its effect happened. */
    INTERRUPTED
}
