package azukari.platform;

import java.util.List;

/**
 * One kind of unit of work at the database (accept, claim, finish …), written for a group of them: statements run batched,
 * and each input has an outcome of its own. A step must be safe to run again after a conflict.
 *
 * @param <I> what one unit needs
 * @param <O> how one unit ended
 */
@FunctionalInterface
public interface Step<I, O> {
    /** Runs all inputs in the given transaction; the outcomes are in the inputs' order. */
    List<O> run(Tx tx, List<I> inputs);
}
