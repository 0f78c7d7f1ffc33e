package azukari.intake;

import azukari.catalog.Violation;
import java.util.List;

/**
 * An event that does not conform to its event type; nothing was stored. Checked: an ordinary case that must be
 * answered.
 */
public final class InvalidEventException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    public InvalidEventException(String message, List<Violation> violations) {
        super(message);
        this.violations = List.copyOf(violations);
    }

    /** One that violates one thing. */
    public static InvalidEventException at(String pointer, String detail) {
        return new InvalidEventException(detail, List.of(new Violation(pointer, detail)));
    }

    /** The violations, each with its place in the event; empty if something else is wrong. */
    public List<Violation> violations() {
        return violations;
    }
}
