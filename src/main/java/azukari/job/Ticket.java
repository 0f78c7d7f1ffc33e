package azukari.job;

import java.time.Instant;

/**
 * How a job was when it was put on the wire: what its message says besides the event, and what a claim relies on.
 *
 * @param fence what the claim must find in the job's row
 * @param run the number of runs before this one
 * @param attempt the number of attempts used up before
 * @param generation how often an operator has had it run again
 * @param doubtful whether an earlier run was cut off, so that the handler is asked before it works
 * @param suspect whether it may be what kills the process, so that no other suspect may run beside it (rule 7)
 * @param cancelling whether it is to end without being run, except for the question whether its effect happened
 * @param expiresAt when the job is given up
 */
public record Ticket(
        long fence,
        int run,
        int attempt,
        int generation,
        boolean doubtful,
        boolean suspect,
        boolean cancelling,
        Instant expiresAt) {

    /** The ticket of a job that was read, whatever its state. */
    public static Ticket of(Job job) {
        return new Ticket(
                job.fence(),
                job.run(),
                job.attempt(),
                job.generation(),
                job.doubtful(),
                job.suspect(),
                job.cancelling(),
                job.expiresAt());
    }

    /** The ticket of a new job. */
    static Ticket first(Instant expiresAt) {
        return new Ticket(1, 0, 0, 0, false, false, false, expiresAt);
    }
}
