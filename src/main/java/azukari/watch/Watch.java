package azukari.watch;

import java.time.Duration;
import java.util.UUID;

/** A handle to one watch on one job. */
public final class Watch implements Comparable<Watch> {
    private final JobWatch all;
    private final UUID job;
    private final boolean ends;
    private final long deadline;
    private final Watcher watcher;

    Watch(JobWatch all, UUID job, Duration longest, Watcher watcher) {
        this.all = all;
        this.job = job;
        this.ends = longest != null;
        this.deadline = ends ? System.nanoTime() + longest.toNanos() : 0;
        this.watcher = watcher;
    }

    /** Cancels the watch; its watcher is not called again. */
    public void cancel() {
        all.forget(this);
    }

    UUID job() {
        return job;
    }

    Watcher watcher() {
        return watcher;
    }

    boolean hasDeadline() {
        return ends;
    }

    boolean isOver(long now) {
        return deadline - now <= 0;
    }

    Duration left(long now) {
        return Duration.ofNanos(deadline - now);
    }

    /** Orders by deadline; only watches with a deadline are ever compared. */
    @Override
    public int compareTo(Watch other) {
        return Long.signum(deadline - other.deadline);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
