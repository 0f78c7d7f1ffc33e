package azukari.watch;

import azukari.broker.Hint.Kind;
import azukari.broker.Signals;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * Receives committed changes of jobs and passes them on to watchers. Costs next to nothing while nobody watches the job, here
 * or on another node.
 */
@Service
public class JobChanges {
    private static final Logger LOG = System.getLogger(JobChanges.class.getName());
    /** How long another node's interest is remembered; that node repeats it while it lasts. */
    private static final Duration INTEREST =
            JobWatch.ANNOUNCE_AGAIN.multipliedBy(5).dividedBy(2);

    private static final int MAX_INTERESTS = 20_000;
    private static final int REMEMBERED = 4096;

    private final Signals signals;
    /** Jobs watched by other nodes, and until when, by {@link System#nanoTime}. */
    private final Map<UUID, Long> interests = new ConcurrentHashMap<>();
    /**
     * Jobs that changed here recently, by hash: a watch that begins just after a change still learns of it. A change that was
     * overwritten here is found by the next poll.
     */
    private final AtomicReferenceArray<UUID> recent = new AtomicReferenceArray<>(REMEMBERED);

    private volatile Consumer<UUID> here = job -> {};

    @SuppressWarnings("this-escape") // Escapes last, with all fields set.
    @Inject
    public JobChanges(Signals signals) {
        this.signals = signals;
        signals.onReceive(Kind.JOB_WATCHED, this::watchedElsewhere);
        signals.onReceive(Kind.JOB_CHANGED, this::changedElsewhere);
    }

    /** Signals that a change of this job has been committed; never blocks. */
    public void committed(UUID job) {
        recent.set(slot(job), job);
        here.accept(job);
        if (!interests.isEmpty()) {
            Long until = interests.get(job);
            if (until != null && until - System.nanoTime() > 0) {
                signals.send(Kind.JOB_CHANGED, job.toString());
            }
        }
    }

    void onChange(Consumer<UUID> changed) {
        here = changed;
    }

    /** Whether the job may have changed here a moment ago. */
    boolean isRecent(UUID job) {
        return job.equals(recent.get(slot(job)));
    }

    private static int slot(UUID job) {
        return job.hashCode() & (REMEMBERED - 1);
    }

    private void watchedElsewhere(String subject) {
        UUID job = id(subject);
        if (job == null) {
            return;
        }
        long now = System.nanoTime();
        if (interests.size() >= MAX_INTERESTS) {
            interests.values().removeIf(until -> until - now <= 0);
        }
        if (interests.size() < MAX_INTERESTS) {
            interests.put(job, now + INTEREST.toNanos());
        }
        if (isRecent(job)) {
            signals.send(Kind.JOB_CHANGED, subject);
        }
    }

    private void changedElsewhere(String subject) {
        UUID job = id(subject);
        if (job != null) {
            here.accept(job);
        }
    }

    private static UUID id(String subject) {
        try {
            return UUID.fromString(subject);
        } catch (IllegalArgumentException e) {
            LOG.log(Level.DEBUG, "ignored a hint without a valid job id: {0}", subject);
            return null;
        }
    }
}
