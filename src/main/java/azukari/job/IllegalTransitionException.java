package azukari.job;

import java.util.UUID;

/** Somebody asked for a change of state that the table of transitions does not have: a defect. */
public final class IllegalTransitionException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    IllegalTransitionException(UUID job, JobState from, JobEvent event) {
        super("job " + job + " is " + (from == null ? "not stored yet" : from) + ", where " + event + " can't happen");
    }
}
