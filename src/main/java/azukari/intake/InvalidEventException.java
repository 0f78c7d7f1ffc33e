package azukari.intake;

import azukari.catalog.Violation;
import java.util.List;

/** An event that is not as its type's document says; nothing was stored. Checked: an ordinary case, to be answered. */
public final class InvalidEventException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    public InvalidEventException(String message, List<Violation> violations) {
        super(message);
        this.violations = List.copyOf(violations);
    }

    /** Where the body breaks its schema; empty when something else is wrong. */
    public List<Violation> violations() {
        return violations;
    }
}
