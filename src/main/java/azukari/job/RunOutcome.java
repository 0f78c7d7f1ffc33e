package azukari.job;

/** How one run ended, in the ledger. */
public enum RunOutcome {
    SUCCEEDED,
    FAILED,
    /** It stopped because the job was cancelled, or was not begun for that reason. */
    CANCELLED,
    UNCERTAIN,
    /** To be retried; it used up an attempt. */
    RETRY,
    /** Postponed by the handler or by the external system (429, {@code Retry-After}); it used up no attempt. */
    SNOOZED,
    /** Interrupted by a death, a shutdown or a lost thread; it used up no attempt. */
    INTERRUPTED,
    /** Claimed, but given back before the handler began; it used up no attempt. */
    NOT_BEGUN,
    /** It stored the job's children, for which the job waits now. */
    FANNED_OUT
}
