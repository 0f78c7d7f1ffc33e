package azukari.watch;

import azukari.job.JobStamp;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A job with at least one watch. */
final class Watched {
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet(1);
    private volatile JobStamp last;

    Watched(JobStamp last) {
        this.last = last;
    }

    Set<Watch> watches() {
        return watches;
    }

    /** The job as last seen. */
    JobStamp last() {
        return last;
    }

    void saw(JobStamp now) {
        last = now;
    }
}
