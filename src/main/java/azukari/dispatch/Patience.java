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
 * Has a lane's thread wait with its message while the database is away, before the claim as after the run: nothing is bounced,
 * and no finished work is done again for want of a commit (rule 2).
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
     * Runs a step until the database answers.
     *
     * @throws RedeliverException when the thread is interrupted meanwhile
     */
    <T> T whenDatabaseAnswers(Supplier<T> step) {
        while (true) {
            long mark = databaseWatch.mark();
            try {
                return step.get();
            } catch (TransactionConflictException e) {
                LOG.log(Level.DEBUG, "a step lost one conflict after another and is tried again", e);
            } catch (DatabaseUnavailableException e) {
                await(mark, e);
            }
        }
    }

    private void await(long mark, DatabaseUnavailableException why) {
        if (claiming.isStopped()) {
            throw new RedeliverException("this node stops, and its way to the database is closed", why);
        }
        try {
            databaseWatch.awaitReturn(mark, why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedeliverException("the lane was interrupted while it waited for the database", e);
        }
    }
}
