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
 * each try again and again would keep the machine, the pool and the log busy with nothing else.
 */
@Service
public class DatabaseWatch {
    private static final Logger LOG = System.getLogger(DatabaseWatch.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Database database;
    private final ReentrantLock asking = new ReentrantLock();
    /** How often the database was found again. */
    private volatile long returns;

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
                LOG.log(Level.WARNING, "work waits for the database: {0}", why.getMessage());
                do {
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                } while (!answers());
                returns = mark + 1;
                LOG.log(Level.INFO, "the database answers; work goes on");
            }
        } finally {
            asking.unlock();
        }
    }

    private boolean answers() {
        try {
            database.read(em -> em.createNativeQuery("SELECT 1").getSingleResult());
            return true;
        } catch (DatabaseUnavailableException e) {
            return false;
        }
    }
}
