package azukari.job;

/** Why a job failed or was postponed. */
public enum ErrorKind {
    /** The handler used up its attempts, or failed permanently. */
    HANDLER,
    /** A run exceeded the event type's {@code timeout}. */
    TIMEOUT,
    /** The external system rejected it permanently. */
    REJECTED,
    /** It did not end within {@code expireAfter}. */
    EXPIRED,
    /** Three deaths of the process count against it (rule 7). */
    POISON,
    /** Its run was interrupted, so it is not known whether its effect happened. */
    INTERRUPTED,
    /** Not all of its children succeeded. */
    CHILDREN
}
