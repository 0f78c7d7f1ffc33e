package azukari.dispatch;

import azukari.database.Database;
import azukari.job.JobTable;
import azukari.job.RunRef;
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
public class ProgressNotes implements ProgressSink {
    private static final Duration PAUSE = Duration.ofMillis(300);

    /** A run's newest word. */
    private record Said(long fence, ProgressNote note) {}

    private final Database database;
    private final Threads threads;
    private final JobChanges changes;
    private final Map<UUID, Said> newest = new ConcurrentHashMap<>();
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
    ProgressNote take(RunRef run) {
        Said said = newest.remove(run.job());
        return said != null && said.fence() == run.fence() ? said.note() : null;
    }

    @Override
    public void note(RunRef run, ProgressNote note) {
        newest.put(run.job(), new Said(run.fence(), note));
    }

    private void store() {
        if (newest.isEmpty()) {
            return;
        }
        List<UUID> stored = new ArrayList<>();
        database.inTransaction(tx -> {
            for (UUID job : List.copyOf(newest.keySet())) {
                Said said = newest.remove(job);
                if (said != null) {
                    JobTable.progress(
                            tx,
                            job,
                            said.fence(),
                            said.note().percent(),
                            said.note().message());
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
