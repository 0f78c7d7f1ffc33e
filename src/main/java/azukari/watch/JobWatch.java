package azukari.watch;

import azukari.broker.Hint.Kind;
import azukari.broker.Signals;
import azukari.database.Database;
import azukari.job.Job;
import azukari.job.JobStamp;
import azukari.job.JobTable;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import azukari.platform.UnavailableException;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.PriorityBlockingQueue;

/**
 * Watches the jobs that clients of this node wait for: polls all of them together once a second, and reads a job at once if a
 * hint says that it has changed. One thread does this, regardless of the number of jobs.
 */
@Service
public class JobWatch {
    /** How often a continuing watch is announced to other nodes. */
    static final Duration ANNOUNCE_AGAIN = Duration.ofSeconds(30);

    private static final Logger LOG = System.getLogger(JobWatch.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int STAMPS_AT_ONCE = 500;
    /** Small, because jobs include their bodies. */
    private static final int JOBS_AT_ONCE = 50;

    private final Database database;
    private final Threads threads;
    private final JobChanges changes;
    private final Announcements announcements;
    private final Answering answering;
    private final Map<UUID, Watched> jobs = new ConcurrentHashMap<>();
    private final Set<UUID> hinted = ConcurrentHashMap.newKeySet();
    private final PriorityBlockingQueue<Watch> deadlines = new PriorityBlockingQueue<>();
    private long looked = System.nanoTime();
    private volatile boolean stopped;
    private volatile Loop loop;

    @Inject
    public JobWatch(Database database, Threads threads, JobChanges changes, Signals signals) {
        this.database = database;
        this.threads = threads;
        this.changes = changes;
        this.announcements = new Announcements(job -> signals.send(Kind.JOB_WATCHED, job.toString()));
        this.answering = new Answering(threads);
        changes.onChange(this::changed);
    }

    public void start() {
        loop = threads.loopUntil("job-watch", LOOK, this::pass);
    }

    /**
     * Watches a job until its watcher has seen what it waits for.
     *
     * @param seen the job as the watcher knows it
     * @param longest the timeout; null for none
     * @return a handle to cancel the watch
     */
    public Watch watch(JobStamp seen, Duration longest, Watcher watcher) {
        Watch watch = new Watch(this, seen.id(), longest, watcher);
        Watched watched = jobs.compute(seen.id(), (id, known) -> {
            Watched now = known == null ? new Watched(seen) : known;
            now.watches().add(watch);
            return now;
        });
        if (longest != null) {
            deadlines.add(watch);
        }
        if (stopped) {
            end(watch);
            return watch;
        }
        if (changes.isRecent(seen.id()) || !seen.equals(watched.last())) {
            changed(seen.id());
        }
        if (announcements.add(seen.id())) {
            wake();
        }
        return watch;
    }

    /** The number of watches. */
    public int count() {
        return jobs.values().stream()
                .mapToInt(watched -> watched.watches().size())
                .sum();
    }

    private void changed(UUID job) {
        if (jobs.containsKey(job) && hinted.add(job)) {
            wake();
        }
    }

    private void wake() {
        Loop running = loop;
        if (running != null) {
            running.wake();
        }
    }

    /** Does what is due; returns the time until the next pass. */
    private Duration pass() {
        long now = System.nanoTime();
        Set<UUID> look = new HashSet<>();
        hinted.removeIf(look::add);
        List<Watch> over = new ArrayList<>();
        for (Watch first = deadlines.peek(); first != null && first.isOver(now); first = deadlines.peek()) {
            deadlines.remove(first);
            over.add(first);
            look.add(first.job());
        }
        try {
            if (now - looked >= LOOK.toNanos()) {
                looked = now;
                look.addAll(differing());
                announcements.repeat(jobs.keySet(), now);
            }
            show(look);
        } finally {
            over.forEach(this::end);
        }
        Duration untilAnnounced = announcements.announceFresh(jobs.keySet(), now);
        Watch next = deadlines.peek();
        Duration untilDeadline = next == null ? LOOK : next.left(System.nanoTime());
        Duration untilLook = LOOK.minusNanos(System.nanoTime() - looked);
        return min(untilAnnounced, min(untilDeadline, untilLook));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Watched jobs that have changed since they were last seen, or are gone. */
    private Set<UUID> differing() {
        Set<UUID> differing = new HashSet<>();
        for (List<UUID> chunk : chunks(jobs.keySet(), STAMPS_AT_ONCE)) {
            Set<JobStamp> stamps = new HashSet<>(database.read(em -> JobTable.stamps(em, chunk)));
            for (UUID id : chunk) {
                Watched watched = jobs.get(id);
                if (watched != null && !stamps.contains(watched.last())) {
                    differing.add(id);
                }
            }
        }
        return differing;
    }

    private void show(Collection<UUID> ids) {
        for (List<UUID> chunk : chunks(ids, JOBS_AT_ONCE)) {
            Set<UUID> gone = new HashSet<>(chunk);
            for (Job job : database.read(em -> JobTable.findAll(em, chunk))) {
                gone.remove(job.id());
                show(job);
            }
            gone.forEach(id -> watches(id).forEach(this::end));
        }
    }

    private void show(Job job) {
        Watched watched = jobs.get(job.id());
        if (watched == null) {
            return;
        }
        watched.saw(JobStamp.of(job));
        for (Watch watch : watched.watches()) {
            try {
                if (watch.watcher().saw(job)) {
                    end(watch);
                }
            } catch (RuntimeException e) {
                LOG.log(
                        Level.WARNING,
                        "could not show job " + job.id() + " to a waiting client; answering with what it saw before",
                        e);
                end(watch);
            }
        }
    }

    private Collection<Watch> watches(UUID job) {
        Watched watched = jobs.get(job);
        return watched == null ? List.of() : watched.watches();
    }

    private void end(Watch watch) {
        if (forget(watch)) {
            answering.answer(watch.watcher()::over);
        }
    }

    /** Removes a watch; returns whether it was still there. */
    boolean forget(Watch watch) {
        boolean[] known = {false};
        jobs.computeIfPresent(watch.job(), (id, watched) -> {
            known[0] = watched.watches().remove(watch);
            return watched.watches().isEmpty() ? null : watched;
        });
        if (known[0] && watch.hasDeadline()) {
            deadlines.remove(watch);
        }
        return known[0];
    }

    private static List<List<UUID>> chunks(Collection<UUID> ids, int size) {
        List<UUID> all = List.copyOf(ids);
        List<List<UUID>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            chunks.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return chunks;
    }

    /** Ends all watches, with a last read if the database is available; later ones end at once. */
    public void stop() {
        stopped = true;
        if (loop != null) {
            loop.close();
        }
        try {
            show(jobs.keySet());
        } catch (UnavailableException e) {
            LOG.log(Level.INFO, "answering waiting clients with the last known state: {0}", e.getMessage());
        }
        jobs.keySet().forEach(id -> watches(id).forEach(this::end));
        answering.stop();
    }
}
