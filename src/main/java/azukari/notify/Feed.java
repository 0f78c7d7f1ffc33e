package azukari.notify;

import azukari.platform.Database;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.inject.Inject;
import java.time.Duration;

/** Keeps the feed of notifications in commit order: places what was committed, at once when told, else every second. */
@Service
public class Feed {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_AT_ONCE = 500;

    private final Database database;
    private final Threads threads;
    private volatile Loop loop;

    @Inject
    public Feed(Database database, Threads threads) {
        this.database = database;
        this.threads = threads;
    }

    public void start() {
        loop = threads.loop("feed", PAUSE, this::placeAll);
    }

    /** Says that notifications were committed. */
    public void wake() {
        Loop running = loop;
        if (running != null) {
            running.wake();
        }
    }

    void placeAll() {
        int placed;
        do {
            placed = database.inTransaction(tx -> Notifications.place(tx, MOST_AT_ONCE));
        } while (placed == MOST_AT_ONCE);
    }

    public void stop() {
        if (loop != null) {
            loop.close();
        }
    }
}
