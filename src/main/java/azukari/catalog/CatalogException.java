package azukari.catalog;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The catalogue is refused; nothing of it may be used. Unchecked, because nobody but the start of the process can answer
 * it. The message has one line for each problem of all files.
 */
public final class CatalogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    CatalogException(List<Problem> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    /** All problems, by file; at least one. */
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
