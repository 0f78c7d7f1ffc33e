package azukari.dispatch;

import azukari.job.JobTable;
import azukari.job.RunRef;
import azukari.platform.Database;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import azukari.watch.JobChanges;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stores the progress that handlers tell: the newest word of each run, all together a few times a second. Progress is a
 * courtesy: it is not kept through a crash of the node or an outage of the database.
 */
@Service
public class ProgressNotes {
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final int LONGEST_MESSAGE = 500;

    /** A run's newest word. */
    record Note(long fence, int percent, String message) {}

    private final Database database;
    private final Threads threads;
    private final JobChanges changes;
    private final Map<UUID, Note> newest = new ConcurrentHashMap<>();
    private volatile Loop loop;

    @Inject
    public ProgressNotes(Database database, Threads threads, JobChanges changes) {
        this.database = database;
        this.threads = threads;
        this.changes = changes;
    }

    public void start() {
        loop = threads.loop("progress", PAUSE, this::store);
    }

    /** Takes the newest word of a run that ends now, to be stored with its end; null when there is none. */
    Note take(RunRef run) {
        Note note = newest.remove(run.job());
        return note != null && note.fence() == run.fence() ? note : null;
    }

    void note(RunRef run, int percent, String message) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("progress is 0 to 100 percent, not " + percent);
        }
        String clean = message == null ? null : message.replace('\u0000', ' '); // which no database holds
        String shown = clean == null || clean.length() <= LONGEST_MESSAGE
                ? clean
                : clean.substring(0, LONGEST_MESSAGE - 1) + "…";
        newest.put(run.job(), new Note(run.fence(), percent, shown));
    }

    private void store() {
        if (newest.isEmpty()) {
            return;
        }
        List<UUID> stored = new ArrayList<>();
        database.inTransaction(tx -> {
            for (UUID job : List.copyOf(newest.keySet())) {
                Note note = newest.remove(job);
                if (note != null) {
                    JobTable.progress(tx, job, note.fence(), note.percent(), note.message());
                    stored.add(job);
                }
            }
            return null;
        });
        stored.forEach(changes::committed);
    }

    public void stop() {
        if (loop != null) {
            loop.close();
        }
    }
}
