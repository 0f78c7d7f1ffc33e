package azukari.testkit;

import azukari.catalog.Violation;
import java.util.List;
import java.util.stream.Collectors;

/** A test used a body that the event type's schema rejects, so no handler would ever see it. Unchecked: the test is wrong. */
public final class InvalidBodyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    InvalidBodyException(String code, List<Violation> violations) {
        super(violations.stream()
                .map(violation -> (violation.pointer() + " " + violation.detail()).strip())
                .collect(Collectors.joining(
                        "\n  ", "the body does not match the schema of event type " + code + ":\n  ", "")));
        this.violations = List.copyOf(violations);
    }

    InvalidBodyException(String message, Throwable cause) {
        super(message, cause);
        this.violations = List.of();
    }

    /** The violations of the schema; empty if the text is not JSON. */
    public List<Violation> violations() {
        return violations;
    }
}
