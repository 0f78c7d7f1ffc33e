package azukari.notify;

import azukari.database.Database;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the feed of notifications in commit order: assigns places to committed ones when woken, and every second. */
@Service
public class Feed {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int BATCH_SIZE = 500;

    private final Database database;
    private final Threads threads;
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private volatile Loop loop;

    @Inject
    public Feed(Database database, Threads threads) {
        this.database = database;
        this.threads = threads;
    }

    public void start() {
        loop = threads.loop("feed", PAUSE, this::placeAll);
    }

    /** Registers a callback that runs whenever this node has placed notifications; it must be quick. */
    public void onGrowth(Runnable follower) {
        followers.add(follower);
    }

    /** Signals that notifications were committed. */
    public void wake() {
        Loop running = loop;
        if (running != null) {
            running.wake();
        }
    }

    void placeAll() {
        int placed;
        do {
            placed = database.inTransaction(tx -> Notifications.place(tx, BATCH_SIZE));
            if (placed > 0) {
                followers.forEach(Runnable::run);
            }
        } while (Loop.mayGoOn() && placed == BATCH_SIZE);
    }

    public void stop() {
        if (loop != null) {
            loop.close();
        }
    }
}
