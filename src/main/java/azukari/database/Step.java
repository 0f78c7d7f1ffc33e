package azukari.database;

import java.util.List;

/**
 * One kind of unit of work at the database (accept, claim, finish …), written for a group of them: statements run batched,
 * in one order of locks over the whole group, and each input has an outcome of its own. A unit that loses to another one is
 * an outcome, not an error. A step must be safe to run again after it was rolled back, whole or in part.
 *
 * @param <I> what one unit needs
 * @param <O> how one unit ended
 */
@FunctionalInterface
public interface Step<I, O> {
    /** Runs all inputs in the given transaction; the outcomes are in the inputs' order. */
    List<O> run(Tx tx, List<I> inputs);

    /** About how many characters the unit writes, besides a row or two of the usual length. */
    default long size(I input) {
        return 0;
    }
}
