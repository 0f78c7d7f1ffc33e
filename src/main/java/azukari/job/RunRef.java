package azukari.job;

import java.time.Instant;
import java.util.UUID;

/**
 * One run as its owner holds it: what a finish must match.
 *
 * @param fence the fence that the claim set
 * @param owner the incarnation that claimed
 * @param number the run's number
 * @param attempt the attempt that this run is
 */
public record RunRef(UUID job, long fence, UUID owner, String node, int number, int attempt, Instant startedAt) {

    /** The run that a RUNNING row is in. */
    public static RunRef of(Job job) {
        return new RunRef(job.id(), job.fence(), job.owner(), job.node(), job.run(), job.attempt(), job.startedAt());
    }
}
