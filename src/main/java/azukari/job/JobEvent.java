package azukari.job;

/** What can happen to a job. */
public enum JobEvent {
    /** Accepted, to run at once. */
    ACCEPT("accepted, to run at once"),
    /** Accepted with a time that lies ahead. */
    ACCEPT_LATER("accepted with a `notBefore` that lies ahead"),
    /** The time that it waited for has come. */
    COME_DUE("the time it waited for has come"),
    /** A lane's bean took it, by the fence in its message. */
    CLAIM("a lane's bean claims it, by the fence in its message"),
    /** Put on the wire once more, because what the broker held may be lost. */
    RESEND("the broker lost its journal, or is another one: the job is put on the wire once more"),
    SUCCEED("the handler succeeded"),
    FAIL("the handler failed for good, or used its last attempt"),
    /** Another attempt, or the same one, after a delay. */
    POSTPONE("a retry after its back-off, or a snooze"),
    /** The run was interrupted (its node died or is stopping, its thread is gone) and may be repeated. */
    INTERRUPT("its node died or stops, or its thread is gone, and the run may be repeated"),
    /** The run was interrupted and may not simply be repeated. */
    DOUBT("the run was cut off, and the event type says that it may not simply be repeated"),
    /** It did not end within {@code expireAfter}. */
    EXPIRE("it did not end within `expireAfter`"),
    /** A suspect found another one running on the node (rule 7), or a job in doubt is to be asked about at once. */
    STAND_ASIDE("a suspect lets another one run first; or it was cancelled while its effect was in doubt"),
    /** Somebody asked for its end. */
    CANCEL("cancelled; a running one when its handler has returned"),
    /** An operator asked for a new generation. */
    RETRY("an operator's retry: a new generation");

    private final String cause;

    JobEvent(String cause) {
        this.cause = cause;
    }

    /** The cause in words, for the lifecycle page. */
    public String cause() {
        return cause;
    }
}
