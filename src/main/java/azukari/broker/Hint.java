package azukari.broker;

/**
 * Something that other nodes may want to look at now instead of at their next check.
 *
 * @param subject what it is about: a job's id, the name of a queue or channel; no line breaks, empty if the kind says
 *     it all
 */
public record Hint(Kind kind, String subject) {
    /** The kinds of hints. A node ignores a newer node's kind that it does not know. */
    public enum Kind {
        /** The sender has clients that wait for this job: notify it when the job changes. */
        JOB_WATCHED,
        /** This job changed. */
        JOB_CHANGED,
        /** This job is to be asked to stop. */
        JOB_CANCELLED,
        /** The sender has clients that follow the feed of notifications: notify it when the feed grows. */
        FEED_FOLLOWED,
        /** The feed of notifications grew. */
        FEED_GREW,
        /** A lane was paused or resumed; the subject is its queue. */
        LANE_CHANGED,
        /** A channel's limits changed; the subject is its name. */
        LIMITS_CHANGED
    }
}
