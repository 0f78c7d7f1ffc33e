package azukari.broker;

/**
 * Something that other nodes may want to look at now instead of at their next check.
 *
 * @param subject what it is about: a job's id, a queue's or channel's name; no line breaks, empty where the kind says all
 */
public record Hint(Kind kind, String subject) {
    /** What hints there are. A node that does not know a newer node's kind ignores it. */
    public enum Kind {
        /** The sender has clients that wait for this job: tell it when the job changes. */
        JOB_WATCHED,
        /** This job changed. */
        JOB_CHANGED,
        /** This job is to be asked to stop. */
        JOB_CANCELLED,
        /** The sender has clients that follow the feed of notifications: tell it when it grows. */
        FEED_FOLLOWED,
        /** The feed of notifications grew. */
        FEED_GREW,
        /** A lane was paused or resumed; the subject is its queue. */
        LANE_CHANGED,
        /** A channel's limits changed; the subject is its name. */
        LIMITS_CHANGED
    }
}
