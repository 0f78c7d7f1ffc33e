package azukari.job;

import java.util.UUID;

/** The table of transitions does not contain the requested change of state: a defect. */
public final class IllegalTransitionException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    IllegalTransitionException(UUID job, JobState from, JobEvent event) {
        super("job " + job + " is " + (from == null ? "not stored yet" : from) + ", where " + event + " is illegal");
    }
}
