package azukari.job;

import java.time.Instant;

/**
 * How a run is to end, for the job's row and for the ledger.
 *
 * @param event what happens to the job
 * @param outcome what the ledger says
 * @param counts whether the run used up an attempt
 * @param waitingFor with {@link JobEvent#POSTPONE}, else null
 * @param dueAt with {@link JobEvent#POSTPONE}, else null
 * @param doubtful whether the next run must first ask if the effect happened
 * @param result a JSON text or null
 * @param error null when nothing went wrong
 */
public record Ending(
        JobEvent event,
        RunOutcome outcome,
        boolean counts,
        Waiting waitingFor,
        Instant dueAt,
        boolean doubtful,
        String result,
        JobError error) {

    /** The handler succeeded; the result is a JSON text or null. */
    public static Ending succeeded(String result) {
        return new Ending(JobEvent.SUCCEED, RunOutcome.SUCCEEDED, true, null, null, false, result, null);
    }

    /** Failed for good. */
    public static Ending failed(JobError error) {
        return new Ending(JobEvent.FAIL, RunOutcome.FAILED, true, null, null, false, null, error);
    }

    /** Another attempt at the given time. */
    public static Ending retry(Instant dueAt, boolean doubtful, JobError error) {
        return new Ending(JobEvent.POSTPONE, RunOutcome.RETRY, true, Waiting.BACKOFF, dueAt, doubtful, null, error);
    }

    /** The same attempt once more at the given time; the error may be null. */
    public static Ending snoozed(Waiting waitingFor, Instant dueAt, JobError error) {
        return new Ending(JobEvent.POSTPONE, RunOutcome.SNOOZED, false, waitingFor, dueAt, false, null, error);
    }

    /** Cut off, to be repeated at once. */
    public static Ending interrupted(boolean doubtful, JobError error) {
        return new Ending(JobEvent.INTERRUPT, RunOutcome.INTERRUPTED, false, null, null, doubtful, null, error);
    }

    /** Ended because somebody asked for that. */
    public static Ending cancelled() {
        return new Ending(JobEvent.CANCEL, RunOutcome.CANCELLED, true, null, null, false, null, null);
    }

    /** Cut off, and not to be repeated unasked. */
    public static Ending uncertain(JobError error) {
        return new Ending(JobEvent.DOUBT, RunOutcome.UNCERTAIN, true, null, null, true, null, error);
    }
}
