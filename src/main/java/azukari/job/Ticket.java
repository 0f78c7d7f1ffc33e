package azukari.job;

import java.time.Instant;

/**
 * How a job was when it was put on the wire: what its message carries besides the event, and what a claim relies on.
 *
 * @param fence what the claim must find in the job's row
 * @param run the number of runs before this one
 * @param attempt the number of attempts used up before
 * @param generation how often an operator has retried it
 * @param doubtful whether an earlier run was interrupted, so that the handler is asked about it before it does the work
 * @param suspect whether it may be what kills the process, so that no other suspect may run at the same time (rule 7)
 * @param cancelling whether it is to end without being run, except for asking whether its effect happened
 * @param expiresAt when the job expires
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
