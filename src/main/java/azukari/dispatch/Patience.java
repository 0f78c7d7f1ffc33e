package azukari.dispatch;

import azukari.database.DatabaseUnavailableException;
import azukari.database.DatabaseWatch;
import azukari.database.TransactionConflictException;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * Makes a lane's thread wait with its message while the database is unavailable, both before the claim and after the
 * run: no message is returned, and no finished work is repeated for lack of a commit (rule 2).
 */
@Service
class Patience {
    private static final Logger LOG = System.getLogger(Patience.class.getName());

    private final DatabaseWatch databaseWatch;
    private final Claiming claiming;

    @Inject
    Patience(DatabaseWatch databaseWatch, Claiming claiming) {
        this.databaseWatch = databaseWatch;
        this.claiming = claiming;
    }

    /**
     * Repeats a step until the database responds.
     *
     * @throws RedeliverException if the thread is interrupted while waiting, or the node is stopping
     */
    <T> T whenDatabaseAnswers(Supplier<T> step) {
        while (true) {
            long mark = databaseWatch.mark();
            try {
                return step.get();
            } catch (TransactionConflictException e) {
                LOG.log(Level.DEBUG, "a step repeatedly lost a transaction conflict and is retried", e);
            } catch (DatabaseUnavailableException e) {
                await(mark, e);
            }
        }
    }

    private void await(long mark, DatabaseUnavailableException why) {
        try {
            if (!databaseWatch.awaitReturn(mark, why, claiming::isStopped)) {
                throw new RedeliverException("this node is stopping, and its access to the database is closed", why);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedeliverException("the lane was interrupted while waiting for the database", e);
        }
    }
}
