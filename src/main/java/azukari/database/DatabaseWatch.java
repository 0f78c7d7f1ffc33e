package azukari.database;

import azukari.platform.Service;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets any number of threads wait until the database is back, while only one of them asks it: a lane's worth of threads that
 * each try again and again would keep the machine, the pool and the log busy with nothing else. A database that answers, and
 * still refuses all work (a full disk, read-only mode), is given longer and longer.
 */
@Service
public class DatabaseWatch {
    private static final Logger LOG = System.getLogger(DatabaseWatch.class.getName());
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Database database;
    private final ReentrantLock asking = new ReentrantLock();
    /** How often the database was found again. */
    private volatile long returns;
    /** Only under the lock. */
    private Duration pause = SHORTEST_PAUSE;

    private long returnedAt;

    @Inject
    public DatabaseWatch(Database database) {
        this.database = database;
    }

    /** A mark to take before a step, so that {@link #awaitReturn} knows of what came back since. */
    public long mark() {
        return returns;
    }

    /** Waits until the database answers, or has answered since the mark was taken. */
    public void awaitReturn(long mark, DatabaseUnavailableException why) throws InterruptedException {
        asking.lockInterruptibly();
        try {
            if (returns == mark) {
                boolean again = lengthen();
                if (!again) {
                    LOG.log(Level.WARNING, "work waits for the database: {0}", why.getMessage());
                }
                do {
                    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                } while (!answers());
                returns = mark + 1;
                returnedAt = System.nanoTime();
                if (!again) {
                    LOG.log(Level.INFO, "the database answers again; work continues");
                }
            }
        } finally {
            asking.unlock();
        }
    }

    /** Whether the last return was of no use: then the next pause is longer. */
    private boolean lengthen() {
        boolean again = returns > 0 && System.nanoTime() - returnedAt < LONGEST_PAUSE.toNanos();
        Duration longer = again ? pause.multipliedBy(2) : SHORTEST_PAUSE;
        pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        return again;
    }

    private boolean answers() {
        try {
            // Not as an entity: the first read of those in a process needs the database to get ready at all.
            database.inTransaction(tx -> tx.query("SELECT 1", row -> row.getInt(1)));
            return true;
        } catch (DatabaseUnavailableException e) {
            return false;
        }
    }
}
