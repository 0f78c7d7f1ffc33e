package azukari.catalog;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The catalogue is invalid and none of it may be used. Unchecked, because only the startup of the process can handle it. The
 * message has one line per problem, across all files.
 */
public final class CatalogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    CatalogException(List<Problem> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    /** All problems, ordered by file; at least one. */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(List<Problem> problems) {
        String head = problems.size() == 1
                ? "The catalogue of event types has a problem:"
                : "The catalogue of event types has " + problems.size() + " problems:";
        return problems.stream().map(Problem::toString).collect(Collectors.joining("\n  ", head + "\n  ", ""));
    }
}
