package azukari.database;

import azukari.platform.Service;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Lets any number of threads wait until the database is back, while only one of them polls it: if every thread of a
 * lane kept trying, they would keep the machine, the pool and the log busy with nothing else. A database that answers
 * but still refuses all work (a full disk, read-only mode) is given longer and longer pauses.
 */
@Service
public class DatabaseWatch {
    private static final Logger LOG = System.getLogger(DatabaseWatch.class.getName());
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Database database;
    private final ReentrantLock asking = new ReentrantLock();
    /** How often the database has come back. */
    private volatile long returns;
    /** Accessed only under the lock. */
    private Duration pause = SHORTEST_PAUSE;

    private long returnedAt;

    @Inject
    public DatabaseWatch(Database database) {
        this.database = database;
    }

    /** A mark to take before a step, so that {@link #awaitReturn} notices a return since then. */
    public long mark() {
        return returns;
    }

    /**
     * Waits until the database answers, or has answered since the mark was taken.
     *
     * @param givenUp whether there is no point in waiting any longer; asked before each pause
     * @return false if the wait was given up
     */
    public boolean awaitReturn(long mark, DatabaseUnavailableException why, BooleanSupplier givenUp)
            throws InterruptedException {
        asking.lockInterruptibly();
        try {
            if (returns == mark) {
                boolean again = lengthen();
                if (!again) {
                    LOG.log(Level.WARNING, "work waits for the database: {0}", why.getMessage());
                }
                do {
                    if (givenUp.getAsBoolean()) {
                        return false;
                    }
                    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                } while (!answers());
                returns = mark + 1;
                returnedAt = System.nanoTime();
                if (!again) {
                    LOG.log(Level.INFO, "the database answers again; work continues");
                }
            }
            return true;
        } finally {
            asking.unlock();
        }
    }

    /** Sets the next pause, which is longer if the last return was of no use; returns whether it was of no use. */
    private boolean lengthen() {
        boolean again = returns > 0 && System.nanoTime() - returnedAt < LONGEST_PAUSE.toNanos();
        Duration longer = again ? pause.multipliedBy(2) : SHORTEST_PAUSE;
        pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        return again;
    }

    private boolean answers() {
        try {
            // Not as an entity: the first such read in a process needs the database even to set itself up.
            database.inTransaction(tx -> tx.query("SELECT 1", row -> row.getInt(1)));
            return true;
        } catch (DatabaseUnavailableException e) {
            return false;
        }
    }
}
