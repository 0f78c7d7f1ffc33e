package azukari.database;

import azukari.platform.Service;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The gate through which units of work reach the database. Units of the same step that are requested at the same
 * instant share one transaction; each still has its own outcome, and none fails because of another.
 */
@Service
public class Gate {
    private final Database database;
    private final ConcurrentMap<Step<?, ?>, Line<?, ?>> lines = new ConcurrentHashMap<>();

    @Inject
    public Gate(Database database) {
        this.database = database;
    }

    /**
     * Runs one unit and returns when it is committed.
     *
     * @param step the key by which units are grouped: keep one object for each kind of work
     * @throws DatabaseUnavailableException if the database is unavailable; the unit may still have been committed
     * @throws TransactionConflictException if the unit lost one conflict after another; nothing was changed
     */
    public <I, O> O submit(Step<I, O> step, I input) {
        return line(step).pass(input);
    }

    @SuppressWarnings("unchecked") // each line is stored under the step that it was created for
    private <I, O> Line<I, O> line(Step<I, O> step) {
        return (Line<I, O>) lines.computeIfAbsent(
                step, key -> new Line<>(step::size, new GroupRun<>(inputs -> transaction(step, inputs))));
    }

    private <I, O> List<O> transaction(Step<I, O> step, List<I> inputs) {
        return database.inTransaction(tx -> {
            List<O> outcomes = step.run(tx, inputs);
            if (outcomes.size() != inputs.size()) {
                throw new IllegalStateException(
                        step.getClass() + " returned " + outcomes.size() + " outcomes for " + inputs.size() + " units");
            }
            return outcomes;
        });
    }
}
