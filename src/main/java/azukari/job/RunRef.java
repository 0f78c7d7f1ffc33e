package azukari.job;

import java.time.Instant;
import java.util.UUID;

/**
 * One run as its owner knows it: what a finish must match.
 *
 * @param fence the fence that the claim set
 * @param owner the incarnation that claimed it
 * @param number the run's number
 * @param attempt the attempt that this run is
 */
public record RunRef(UUID job, long fence, UUID owner, String node, int number, int attempt, Instant startedAt) {

    /** The current run of a RUNNING row. */
    public static RunRef of(Job job) {
        return new RunRef(job.id(), job.fence(), job.owner(), job.node(), job.run(), job.attempt(), job.startedAt());
    }
}
