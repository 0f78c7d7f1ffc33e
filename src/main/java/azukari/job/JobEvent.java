package azukari.job;

/** What can happen to a job. */
public enum JobEvent {
    /** Accepted, to run at once. */
    ACCEPT("accepted, to run at once"),
    /** Accepted with a time in the future, a limit, or children. */
    ACCEPT_LATER("accepted with a `notBefore` in the future, or to wait for its lock, its channel or its children"),
    /** The time that it waited for has come. */
    COME_DUE("the time it waited for has come"),
    /** It has its lock, and room in its channels. */
    ADMIT("its lock is free, and its channels have room"),
    /** A lane's bean claimed it, by the fence in its message. */
    CLAIM("a lane's bean claims it, by the fence in its message"),
    /** Put on the wire again, because what the broker held may be lost. */
    RESEND("the broker lost its journal or was replaced: the job is put on the wire again"),
    SUCCEED("the handler succeeded"),
    /** Its children are stored, and it waits for them. */
    FAN_OUT("its children are stored"),
    JOIN("all its children have succeeded"),
    FAIL_WITH_CHILDREN("all its children have ended, not all of them with success"),
    FAIL("the handler failed permanently, or used up its last attempt"),
    /** Another attempt, or the same one, after a delay. */
    POSTPONE("a retry after its back-off, or a snooze"),
    /** The run was interrupted (its node died or is stopping, its thread is gone) and may be repeated. */
    INTERRUPT("its node died or is stopping, or its thread is gone, and the run may be repeated"),
    /** The run was interrupted and may not simply be repeated. */
    DOUBT("the run was interrupted, and its event type does not allow simply repeating it"),
    /** It did not end within {@code expireAfter}. */
    EXPIRE("it did not end within `expireAfter`"),
    /**
     * A suspect found another one running on the node (rule 7), or the handler of a job in doubt is to be asked at
     * once.
     */
    STAND_ASIDE("a suspect lets another one run first, or the job was cancelled while its effect was in doubt"),
    /** Its channel is paused or its slot too far away, or the outside said that it was called too often. */
    SEND_BACK("its channel has no room after all: it is paused, or the outside was called too often"),
    /** Its end was requested. */
    CANCEL("cancelled; if it was running, once its handler has returned"),
    /** An operator found out that the effect happened. */
    RESOLVE_SUCCEEDED("an operator found out that its effect happened"),
    /** An operator found out that the effect did not happen, and that it is not to be repeated. */
    RESOLVE_FAILED("an operator found out that its effect did not happen, and gave it up"),
    /** An operator requested a new generation. */
    RETRY("an operator's retry: a new generation"),
    /** An operator requested that what failed of its children run again. */
    RETRY_CHILDREN("an operator's retry of a job with children: those that failed run again");

    private final String cause;

    JobEvent(String cause) {
        this.cause = cause;
    }

    /** The cause in words, for the lifecycle page. */
    public String cause() {
        return cause;
    }
}
