package azukari.job;

import java.time.Instant;

/**
 * How a job leaves the state that it is in, and how its run ends if it is in one.
 *
 * @param event what happens to the job
 * @param outcome what the ledger says of the run
 * @param counts whether the run used up an attempt
 * @param waitingFor what the job waits for then; null when it has ended
 * @param dueAt until when it waits; null when it has ended
 * @param doubtful whether the next run must first ask if the effect happened; null: as it was
 * @param keepsError whether the last error stays as it was
 * @param result a JSON text or null
 * @param error null when nothing went wrong
 */
public record Ending(
        JobEvent event,
        RunOutcome outcome,
        boolean counts,
        Waiting waitingFor,
        Instant dueAt,
        Boolean doubtful,
        boolean keepsError,
        String result,
        JobError error) {

    /** The handler succeeded; the result is a JSON text or null. */
    public static Ending succeeded(String result) {
        return ended(JobEvent.SUCCEED, RunOutcome.SUCCEEDED, false, result, null);
    }

    /** Failed for good. */
    public static Ending failed(JobError error) {
        return ended(JobEvent.FAIL, RunOutcome.FAILED, false, null, error);
    }

    /** Another attempt at the given time. */
    public static Ending retry(Instant dueAt, boolean doubtful, JobError error) {
        return postponed(JobEvent.POSTPONE, RunOutcome.RETRY, true, Waiting.BACKOFF, dueAt, doubtful, error);
    }

    /** The same attempt once more at the given time; the error may be null. */
    public static Ending snoozed(Waiting waitingFor, Instant dueAt, JobError error) {
        return postponed(JobEvent.POSTPONE, RunOutcome.SNOOZED, false, waitingFor, dueAt, false, error);
    }

    /** Cut off, to be queued again at once. */
    public static Ending interrupted(boolean doubtful, JobError error, Instant now) {
        return postponed(JobEvent.INTERRUPT, RunOutcome.INTERRUPTED, false, Waiting.BACKOFF, now, doubtful, error);
    }

    /** Claimed, but never begun: to be queued again at once, as if it had not been claimed. */
    public static Ending notBegun(Instant now) {
        return new Ending(
                JobEvent.INTERRUPT, RunOutcome.NOT_BEGUN, false, Waiting.BACKOFF, now, null, true, null, null);
    }

    /** Its message may be lost: to be queued again at once, with a new one. */
    public static Ending resent(Instant now) {
        return new Ending(JobEvent.RESEND, null, false, Waiting.BACKOFF, now, null, true, null, null);
    }

    /** Not to be run just now: it waits in the table until then. */
    public static Ending standingAside(Instant dueAt) {
        return new Ending(JobEvent.STAND_ASIDE, null, false, Waiting.BACKOFF, dueAt, null, true, null, null);
    }

    /** Ended because somebody asked for that. */
    public static Ending cancelled() {
        return ended(JobEvent.CANCEL, RunOutcome.CANCELLED, null, null, null);
    }

    /** Ended because it outlived {@code expireAfter}. */
    public static Ending expired(JobError error) {
        return ended(JobEvent.EXPIRE, null, null, null, error);
    }

    /** Cut off, and not to be repeated unasked. */
    public static Ending uncertain(JobError error) {
        return ended(JobEvent.DOUBT, RunOutcome.UNCERTAIN, true, null, error);
    }

    private static Ending ended(JobEvent event, RunOutcome outcome, Boolean doubtful, String result, JobError error) {
        return new Ending(event, outcome, true, null, null, doubtful, false, result, error);
    }

    private static Ending postponed(
            JobEvent event,
            RunOutcome outcome,
            boolean counts,
            Waiting waitingFor,
            Instant dueAt,
            boolean doubtful,
            JobError error) {
        return new Ending(event, outcome, counts, waitingFor, dueAt, doubtful, false, null, error);
    }

    /** Whether the job is to be queued again in the same transaction. */
    public boolean queuesAgain() {
        return event == JobEvent.INTERRUPT || event == JobEvent.RESEND;
    }

    ErrorKind errorKind() {
        return error == null ? null : error.kind();
    }

    String errorMessage() {
        return error == null ? null : error.message();
    }
}
