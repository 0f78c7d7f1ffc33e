package azukari.database;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs a group of units in one transaction, and keeps them from affecting one another: after a conflict the group runs
 * again; after any other failure its halves run separately, until only the guilty unit fails. If the database is
 * unavailable, there is nothing to find out: every unit that has no outcome yet fails with that error.
 */
final class GroupRun<I, O> implements Consumer<List<Unit<I, O>>> {
    /**
     * A conflict is no unit's fault, so a group runs again before it is halved; a unit on its own gets more attempts.
     */
    static final int CONFLICTS_OF_A_GROUP = 3;

    static final int CONFLICTS_OF_ONE = 10;

    private final Function<List<I>, List<O>> transaction;

    /**
     * @param transaction runs inputs, commits, and returns their outcomes in the same order; failures as in {@link
     *     Database}
     */
    GroupRun(Function<List<I>, List<O>> transaction) {
        this.transaction = transaction;
    }

    @Override
    public void accept(List<Unit<I, O>> group) {
        Deque<List<Unit<I, O>>> parts = new ArrayDeque<>();
        parts.push(group);
        while (!parts.isEmpty()) {
            List<Unit<I, O>> part = parts.pop();
            try {
                run(part);
            } catch (DatabaseUnavailableException e) {
                fail(part, e);
                parts.forEach(rest -> fail(rest, e));
                return;
            } catch (RuntimeException | Error e) {
                if (part.size() == 1) {
                    fail(part, e);
                } else {
                    parts.push(part.subList(part.size() / 2, part.size()));
                    parts.push(part.subList(0, part.size() / 2));
                }
            }
        }
    }

    private void run(List<Unit<I, O>> part) {
        List<I> inputs = part.stream().map(Unit::input).toList();
        List<O> outcomes = runAgainAfterConflicts(inputs);
        for (int i = 0; i < outcomes.size(); i++) {
            part.get(i).succeed(outcomes.get(i));
        }
    }

    private List<O> runAgainAfterConflicts(List<I> inputs) {
        int most = inputs.size() == 1 ? CONFLICTS_OF_ONE : CONFLICTS_OF_A_GROUP;
        for (int conflicts = 0; ; conflicts++) {
            try {
                return transaction.apply(inputs);
            } catch (TransactionConflictException e) {
                if (conflicts == most) {
                    throw e;
                }
            }
        }
    }

    private static <I, O> void fail(List<Unit<I, O>> part, Throwable why) {
        part.forEach(unit -> unit.fail(why));
    }
}
