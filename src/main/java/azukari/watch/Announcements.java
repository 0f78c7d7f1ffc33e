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
 * Announces to other nodes which jobs are being watched here. A watch is announced only after a moment, because most are over by
 * then and the job often runs on this node, and again at regular intervals while it lasts.
 */
final class Announcements {
    private static final Duration MOMENT = Duration.ofMillis(50);
    private static final Duration NOTHING_TO_DO = Duration.ofDays(1);

    private record Fresh(UUID job, long since) {}

    private final Consumer<UUID> announcer;
    private final ConcurrentLinkedQueue<Fresh> fresh = new ConcurrentLinkedQueue<>();
    /** When each job was last announced. Confined to the watch thread. */
    private final Map<UUID, Long> announced = new HashMap<>();

    Announcements(Consumer<UUID> announcer) {
        this.announcer = announcer;
    }

    /** Adds a newly watched job; returns true if no other was pending, so that the watch thread has to be woken. */
    boolean add(UUID job) {
        boolean first = fresh.isEmpty();
        fresh.add(new Fresh(job, System.nanoTime()));
        return first;
    }

    /** Announces the jobs that have been watched for a moment; returns the time until the next one is due. */
    Duration announceFresh(Set<UUID> watched, long now) {
        for (Fresh next = fresh.peek(); next != null; next = fresh.peek()) {
            Duration left = MOMENT.minusNanos(now - next.since());
            if (left.toNanos() > 0) {
                return left;
            }
            fresh.remove();
            if (watched.contains(next.job()) && !announced.containsKey(next.job())) {
                announce(next.job(), now);
            }
        }
        return NOTHING_TO_DO;
    }

    /** Repeats older announcements of jobs that are still watched; forgets the rest. */
    void repeat(Set<UUID> watched, long now) {
        announced.keySet().retainAll(watched);
        ArrayDeque<UUID> due = new ArrayDeque<>();
        announced.forEach((job, at) -> {
            if (now - at >= JobWatch.ANNOUNCE_AGAIN.toNanos()) {
                due.add(job);
            }
        });
        due.forEach(job -> announce(job, now));
    }

    private void announce(UUID job, long now) {
        announced.put(job, now);
        announcer.accept(job);
    }
}
