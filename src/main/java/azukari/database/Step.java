package azukari.database;

import java.util.List;

/**
 * One kind of unit of work on the database (accept, claim, finish …), written for a group of units: statements run
 * batched, in one lock order over the whole group, and each input has its own outcome. That a unit loses to another is
 * an outcome, not an error. A step must be safe to run again, in whole or in part, after it was rolled back.
 *
 * @param <I> what one unit needs
 * @param <O> how one unit ended
 */
@FunctionalInterface
public interface Step<I, O> {
    /** Runs all inputs in the given transaction; the outcomes are in the inputs' order. */
    List<O> run(Tx tx, List<I> inputs);

    /** The approximate number of characters that the unit writes, apart from a row or two of the usual length. */
    default long size(I input) {
        return 0;
    }
}
