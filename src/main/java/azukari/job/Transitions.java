package azukari.job;

import static azukari.job.JobState.CANCELLED;
import static azukari.job.JobState.FAILED;
import static azukari.job.JobState.QUEUED;
import static azukari.job.JobState.RUNNING;
import static azukari.job.JobState.SUCCEEDED;
import static azukari.job.JobState.UNCERTAIN;
import static azukari.job.JobState.WAITING;

import java.util.List;
import java.util.UUID;

/**
 * The table of transitions. Every change of a job's state is looked up here; what it does not contain cannot happen.
 */
public final class Transitions {

    /** One row: from a state ({@code null}: not stored yet) by an event to a state. */
    public record Transition(JobState from, JobEvent event, JobState to) {}

    private static final List<Transition> TABLE = List.of(
            new Transition(null, JobEvent.ACCEPT, QUEUED),
            new Transition(null, JobEvent.ACCEPT_LATER, WAITING),
            new Transition(WAITING, JobEvent.COME_DUE, QUEUED),
            new Transition(WAITING, JobEvent.ADMIT, QUEUED),
            new Transition(WAITING, JobEvent.JOIN, SUCCEEDED),
            new Transition(WAITING, JobEvent.FAIL_WITH_CHILDREN, FAILED),
            new Transition(WAITING, JobEvent.EXPIRE, FAILED),
            new Transition(WAITING, JobEvent.CANCEL, CANCELLED),
            new Transition(QUEUED, JobEvent.CLAIM, RUNNING),
            new Transition(QUEUED, JobEvent.STAND_ASIDE, WAITING),
            new Transition(QUEUED, JobEvent.SEND_BACK, WAITING),
            new Transition(QUEUED, JobEvent.EXPIRE, FAILED),
            new Transition(QUEUED, JobEvent.CANCEL, CANCELLED),
            new Transition(QUEUED, JobEvent.RESEND, QUEUED),
            new Transition(RUNNING, JobEvent.SUCCEED, SUCCEEDED),
            new Transition(RUNNING, JobEvent.FAIL, FAILED),
            new Transition(RUNNING, JobEvent.FAN_OUT, WAITING),
            new Transition(RUNNING, JobEvent.POSTPONE, WAITING),
            new Transition(RUNNING, JobEvent.SEND_BACK, WAITING),
            new Transition(RUNNING, JobEvent.INTERRUPT, QUEUED),
            new Transition(RUNNING, JobEvent.DOUBT, UNCERTAIN),
            new Transition(RUNNING, JobEvent.CANCEL, CANCELLED),
            new Transition(UNCERTAIN, JobEvent.RESOLVE_SUCCEEDED, SUCCEEDED),
            new Transition(UNCERTAIN, JobEvent.RESOLVE_FAILED, FAILED),
            new Transition(FAILED, JobEvent.RETRY, QUEUED),
            new Transition(CANCELLED, JobEvent.RETRY, QUEUED),
            new Transition(UNCERTAIN, JobEvent.RETRY, QUEUED),
            new Transition(FAILED, JobEvent.RETRY_CHILDREN, WAITING),
            new Transition(CANCELLED, JobEvent.RETRY_CHILDREN, WAITING));

    private Transitions() {}

    /** All rows, in the order of a job's life. */
    public static List<Transition> all() {
        return TABLE;
    }

    /** Whether a job in this state may be given to {@link #next} with this event. */
    public static boolean has(JobState from, JobEvent event) {
        return TABLE.stream().anyMatch(row -> row.from() == from && row.event() == event);
    }

    /**
     * The state that an event leads to.
     *
     * @throws IllegalTransitionException if the table has no such row
     */
    public static JobState next(UUID job, JobState from, JobEvent event) {
        for (Transition row : TABLE) {
            if (row.from() == from && row.event() == event) {
                return row.to();
            }
        }
        throw new IllegalTransitionException(job, from, event);
    }
}
