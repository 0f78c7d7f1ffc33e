package azukari.dispatch;

import azukari.database.SetAside;
import azukari.effect.Committer;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.job.JobTable;
import azukari.job.JobTable.RunProgress;
import azukari.job.RunRef;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stores the progress that handlers report: the latest note of each run, all of them together a few times a second.
 * Progress is best effort: it does not survive a crash of the node or an outage of the database.
 */
@Service
public class ProgressNotes implements ProgressSink {
    private static final Duration PAUSE = Duration.ofMillis(300);

    /** A run's latest note. */
    private record Said(long fence, ProgressNote note) {}

    private final Committer committer;
    private final Threads threads;
    private final Map<UUID, Said> newest = new ConcurrentHashMap<>();
    /** A note that can't be stored is not tried again: a later one takes its place. */
    private final SetAside<RunProgress> left = new SetAside<>("storing a run's progress");

    private volatile Loop loop;

    @Inject
    public ProgressNotes(Committer committer, Threads threads) {
        this.committer = committer;
        this.threads = threads;
    }

    public void start() {
        loop = threads.loop("progress", PAUSE, this::store);
    }

    /** Removes the latest note of a run that is ending, to be stored with its end; null if there is none. */
    ProgressNote take(RunRef run) {
        Said said = newest.get(run.job());
        while (said != null && said.fence() == run.fence()) {
            if (newest.remove(run.job(), said)) {
                return said.note();
            }
            said = newest.get(run.job());
        }
        return null;
    }

    @Override
    public void note(RunRef run, ProgressNote note) {
        newest.merge(
                run.job(), new Said(run.fence(), note), (before, now) -> now.fence() < before.fence() ? before : now);
    }

    private void store() {
        if (newest.isEmpty()) {
            return;
        }
        Map<UUID, Said> said = Map.copyOf(newest);
        List<RunProgress> notes = new ArrayList<>();
        said.forEach((job, last) -> notes.add(new RunProgress(
                job, last.fence(), last.note().percent(), last.note().message())));
        left.each(
                notes,
                some -> committer.commit(tx -> {
                    JobTable.progress(tx, some);
                    List<UUID> changed = some.stream().map(RunProgress::job).toList();
                    return new Done<>(null, Effects.changed(changed));
                }));
        // Only now: until they are stored, a run that ends takes them with it.
        said.forEach(newest::remove);
    }

    public void stop() {
        if (loop != null) {
            loop.close();
        }
    }
}
