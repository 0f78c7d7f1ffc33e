package azukari.effect;

import azukari.job.JobState;
import azukari.job.RunOutcome;

/**
 * Something to be counted.
 *
 * @param code the event type
 * @param outcome null if there is none
 */
public record Count(Kind kind, String code, String outcome) {
    enum Kind {
        ACCEPTED,
        REPEATED,
        RUN_ENDED,
        JOB_ENDED,
        RESENT
    }

    /** A posted event became a job. */
    public static Count accepted(String code) {
        return new Count(Kind.ACCEPTED, code, null);
    }

    /** A posted event already existed. */
    public static Count repeated(String code) {
        return new Count(Kind.REPEATED, code, null);
    }

    public static Count runEnded(String code, RunOutcome outcome) {
        return new Count(Kind.RUN_ENDED, code, outcome.name());
    }

    public static Count jobEnded(String code, JobState state) {
        return new Count(Kind.JOB_ENDED, code, state.name());
    }

    /** A lost message was replaced. */
    public static Count resent(String code) {
        return new Count(Kind.RESENT, code, null);
    }
}
