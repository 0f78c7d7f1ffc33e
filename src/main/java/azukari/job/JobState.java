package azukari.job;

/** The states of a job. */
public enum JobState {
    /** Not on its way to a lane yet; {@link Waiting} states what it waits for. */
    WAITING,
    /** In the outbox or on the wire. */
    QUEUED,
    /** Claimed by one node, which runs its handler. */
    RUNNING,
    SUCCEEDED,
    FAILED,
    /** Its end was requested before it had ended otherwise. */
    CANCELLED,
    /** The process died, or the call was interrupted, in a run whose effect may not simply be repeated. */
    UNCERTAIN;

    /** Whether a job in this state has ended. */
    public boolean ended() {
        return switch (this) {
            case WAITING, QUEUED, RUNNING -> false;
            case SUCCEEDED, FAILED, CANCELLED, UNCERTAIN -> true;
        };
    }
}
