package azukari.platform;

import jakarta.inject.Inject;
import java.util.List;

/** The gate through which units of work reach the database: each in a transaction of its own, again after a conflict. */
@Service
public class Gate {
    /** How often a unit is run again after a conflict before the caller hears of it. */
    private static final int CONFLICT_RETRIES = 10;

    private final Database database;

    @Inject
    public Gate(Database database) {
        this.database = database;
    }

    /**
     * Runs one unit and returns when it is committed.
     *
     * @throws DatabaseUnavailableException when the database is away; the unit may have been committed all the same
     */
    public <I, O> O submit(Step<I, O> step, I input) {
        for (int retries = 0; ; retries++) {
            try {
                return database.inTransaction(tx -> step.run(tx, List.of(input)).get(0));
            } catch (TransactionConflictException e) {
                if (retries == CONFLICT_RETRIES) {
                    throw e;
                }
            }
        }
    }
}
