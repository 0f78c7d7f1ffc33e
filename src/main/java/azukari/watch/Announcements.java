package azukari.watch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Tells other nodes which jobs are waited for here: not before a wait has lasted a moment, since most are over by then and
 * the job runs here as often as not, and again every while as long as it goes on.
 */
final class Announcements {
    private static final Duration MOMENT = Duration.ofMillis(50);
    private static final Duration NOTHING_TO_DO = Duration.ofDays(1);

    private record Fresh(UUID job, long since) {}

    private final Consumer<UUID> teller;
    private final ConcurrentLinkedQueue<Fresh> fresh = new ConcurrentLinkedQueue<>();
    /** When each was told last. Only the looking thread touches it. */
    private final Map<UUID, Long> told = new HashMap<>();

    Announcements(Consumer<UUID> teller) {
        this.teller = teller;
    }

    /** Notes a job for the first time; true when nothing else was noted, so that somebody must be woken. */
    boolean add(UUID job) {
        boolean first = fresh.isEmpty();
        fresh.add(new Fresh(job, System.nanoTime()));
        return first;
    }

    /** Tells what has been waited for a moment; returns how long until the next will have been. */
    Duration fresh(Set<UUID> watched, long now) {
        for (Fresh next = fresh.peek(); next != null; next = fresh.peek()) {
            Duration left = MOMENT.minusNanos(now - next.since());
            if (left.toNanos() > 0) {
                return left;
            }
            fresh.remove();
            if (watched.contains(next.job()) && !told.containsKey(next.job())) {
                tell(next.job(), now);
            }
        }
        return NOTHING_TO_DO;
    }

    /** Tells again what was told a while ago and is still watched; forgets what is not. */
    void again(Set<UUID> watched, long now) {
        told.keySet().retainAll(watched);
        ArrayDeque<UUID> due = new ArrayDeque<>();
        told.forEach((job, at) -> {
            if (now - at >= JobWatch.ANNOUNCE_AGAIN.toNanos()) {
                due.add(job);
            }
        });
        due.forEach(job -> tell(job, now));
    }

    private void tell(UUID job, long now) {
        told.put(job, now);
        teller.accept(job);
    }
}
