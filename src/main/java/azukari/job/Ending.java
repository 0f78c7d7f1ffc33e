package azukari.job;

import java.time.Instant;

/**
 * How a job leaves its state, and how its run ends if it is running.
 *
 * @param event what happens to the job
 * @param outcome what the ledger records for the run, if one ends; otherwise it may be null
 * @param counts whether the run used up an attempt
 * @param waitingFor what the job waits for next; null if it has ended
 * @param dueAt until when it waits; null if it has ended
 * @param doubtful whether the next run must first ask whether the effect happened; null: unchanged
 * @param keepsError whether the last error is kept unchanged
 * @param result JSON text, or null
 * @param error null if nothing went wrong
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

    /** The handler succeeded; the result is JSON text, or null. */
    public static Ending succeeded(String result) {
        return ended(JobEvent.SUCCEED, RunOutcome.SUCCEEDED, false, result, null);
    }

    /** Failed permanently. */
    public static Ending failed(JobError error) {
        return ended(JobEvent.FAIL, RunOutcome.FAILED, false, null, error);
    }

    /** Another attempt at the given time. */
    public static Ending retry(Instant dueAt, boolean doubtful, JobError error) {
        return postponed(JobEvent.POSTPONE, RunOutcome.RETRY, true, Waiting.BACKOFF, dueAt, doubtful, error);
    }

    /** The same attempt again at the given time; the error may be null. */
    public static Ending snoozed(Waiting waitingFor, Instant dueAt, JobError error) {
        return postponed(JobEvent.POSTPONE, RunOutcome.SNOOZED, false, waitingFor, dueAt, false, error);
    }

    /** Not for this node, whose catalogue lacks the event type; whether its effect is in doubt stays as it is. */
    public static Ending leftToOthers(Instant dueAt, JobError error) {
        return new Ending(JobEvent.POSTPONE, RunOutcome.SNOOZED, false, Waiting.TIME, dueAt, null, false, null, error);
    }

    /** Interrupted, to be queued again at once. */
    public static Ending interrupted(boolean doubtful, JobError error, Instant now) {
        return postponed(JobEvent.INTERRUPT, RunOutcome.INTERRUPTED, false, Waiting.BACKOFF, now, doubtful, error);
    }

    /** Claimed but never begun: to be queued again at once, as if it had not been claimed. */
    public static Ending notBegun(Instant now) {
        return new Ending(
                JobEvent.INTERRUPT, RunOutcome.NOT_BEGUN, false, Waiting.BACKOFF, now, null, true, null, null);
    }

    /** Its message may be lost: to be queued again at once, with a new message. */
    public static Ending resent(Instant now) {
        return new Ending(JobEvent.RESEND, null, false, Waiting.BACKOFF, now, null, true, null, null);
    }

    /** Claimed, but its call may not begin yet: it waits for its channel again, as if it had not been claimed. */
    public static Ending sentBack(Instant now) {
        return new Ending(
                JobEvent.SEND_BACK, RunOutcome.NOT_BEGUN, false, Waiting.CHANNEL, now, null, true, null, null);
    }

    /**
     * The outside was called too often: the job waits for its channel again.
     *
     * @param dueAt until when it waits if it has none after all: it was accepted before its event type had one
     */
    public static Ending throttled(JobError error, Instant dueAt) {
        return new Ending(
                JobEvent.SEND_BACK, RunOutcome.SNOOZED, false, Waiting.TIME, dueAt, false, false, null, error);
    }

    /** Its children are stored; it waits for them until it expires. */
    public static Ending fannedOut(Instant expiresAt) {
        return postponed(JobEvent.FAN_OUT, RunOutcome.FANNED_OUT, true, Waiting.CHILDREN, expiresAt, false, null);
    }

    /** All its children have succeeded; the result is JSON text. */
    public static Ending joined(String result) {
        return ended(JobEvent.JOIN, null, false, result, null);
    }

    /** All its children have ended, not all of them with success. */
    public static Ending failedWithChildren(JobError error) {
        return ended(JobEvent.FAIL_WITH_CHILDREN, null, false, null, error);
    }

    /** Not to be run yet: it waits in the table until the given time. */
    public static Ending standingAside(Instant dueAt) {
        return new Ending(JobEvent.STAND_ASIDE, null, false, Waiting.BACKOFF, dueAt, null, true, null, null);
    }

    /** Ended because cancellation was requested. */
    public static Ending cancelled() {
        return ended(JobEvent.CANCEL, RunOutcome.CANCELLED, null, null, null);
    }

    /** Ended because it outlived {@code expireAfter}. */
    public static Ending expired(JobError error) {
        return ended(JobEvent.EXPIRE, null, null, null, error);
    }

    /** Interrupted, and not to be repeated unless a person requests it. */
    public static Ending uncertain(JobError error) {
        return ended(JobEvent.DOUBT, RunOutcome.UNCERTAIN, true, null, error);
    }

    /** An operator found out that the effect of an UNCERTAIN job happened. */
    public static Ending resolvedAsSucceeded(String result) {
        return ended(JobEvent.RESOLVE_SUCCEEDED, null, false, result, null);
    }

    /** An operator gave an UNCERTAIN job up. */
    public static Ending resolvedAsFailed(JobError error) {
        return ended(JobEvent.RESOLVE_FAILED, null, false, null, error);
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

    /** Whether the job is to be queued again, or waits for its limits again, in the same transaction. */
    public boolean queuesAgain() {
        return event == JobEvent.INTERRUPT || event == JobEvent.RESEND || event == JobEvent.SEND_BACK;
    }

    ErrorKind errorKind() {
        return error == null ? null : error.kind();
    }

    String errorMessage() {
        return error == null ? null : error.message();
    }
}
