package azukari.intake;

import azukari.catalog.Violation;
import java.util.List;

/** A batch with an event that was refused; nothing was stored. Checked: an ordinary case that must be answered. */
public final class InvalidItemException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int index;
    private final transient List<Violation> violations;

    /** @param index of the first event that was refused, from 0 */
    InvalidItemException(int index, String message, List<Violation> violations) {
        super(message);
        this.index = index;
        this.violations = List.copyOf(violations);
    }

    static InvalidItemException invalid(int first, List<Violation> violations) {
        return new InvalidItemException(
                first, "item " + first + " is invalid; see 'errors'. Nothing was stored", violations);
    }

    static InvalidItemException known(BatchOrder batch, List<Integer> indexes) {
        int first = indexes.get(0);
        return new InvalidItemException(
                first,
                "the requestId '" + batch.children().get(first).requestId() + "' of item " + first
                        + " is in use already. Nothing was stored",
                indexes.stream()
                        .map(index -> new Violation("/items/" + index + "/requestId", "is in use already"))
                        .toList());
    }

    /** What is wrong with the event at an index, with its place in the batch. */
    static List<Violation> of(int index, InvalidEventException invalid) {
        return invalid.violations().stream()
                .map(found -> new Violation("/items/" + index + found.pointer(), found.detail()))
                .toList();
    }

    /** The index of the first event that was refused, from 0. */
    public int index() {
        return index;
    }

    /** The violations, each with its place in the batch. */
    public List<Violation> violations() {
        return violations;
    }
}
