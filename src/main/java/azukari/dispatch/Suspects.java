package azukari.dispatch;

import azukari.job.JobDeaths;
import azukari.outbox.Envelope;
import azukari.platform.Database;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * One suspect at a time on this node (rule 7), so that the next death tells which one it was. The others wait in the table,
 * without a thread and free of charge; whoever is no suspect runs beside it.
 */
@Service
public class Suspects {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Database database;
    private final Clock clock;
    private final Semaphore place = new Semaphore(1);
    private volatile boolean culpritFound;

    @Inject
    public Suspects(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Whether the message's job may be claimed; if not, it waits a moment in the table, and the message may be forgotten. */
    boolean admit(Envelope event) {
        if (!event.suspect() || culpritFound || place.tryAcquire()) {
            return true;
        }
        database.inTransaction(tx -> JobDeaths.standAside(
                tx, event.job(), event.fence(), clock.instant().plus(PAUSE)));
        return false;
    }

    /** To be called after the finish of whatever was admitted. */
    void leave(Envelope event) {
        if (event.suspect()) {
            place.release();
        }
    }

    /**
     * The deaths so far have an explanation, so the other suspects run freely, until this process dies once more. Were one of
     * them to blame as well, that costs one more death, not a wrong verdict.
     */
    public void culpritFound() {
        culpritFound = true;
    }
}
