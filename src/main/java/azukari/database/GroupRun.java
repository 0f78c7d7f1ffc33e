package azukari.database;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs a group of units in one transaction, and keeps them from spoiling one another: after a conflict the group runs again,
 * after any other failure its halves do, until only the guilty unit fails. When the database is away there is nothing to find
 * out: every unit that has no outcome yet is told so.
 */
final class GroupRun<I, O> implements Consumer<List<Unit<I, O>>> {
    /** A conflict is nobody's fault, so a group runs again before it is halved; a unit alone is given more patience. */
    static final int CONFLICTS_OF_A_GROUP = 3;

    static final int CONFLICTS_OF_ONE = 10;

    private final Function<List<I>, List<O>> transaction;

    /** @param transaction runs inputs, commits, and returns their outcomes in the same order; failures as in {@link Database} */
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
