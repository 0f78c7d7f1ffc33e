package azukari.job;

import java.time.Instant;
import java.util.UUID;

/**
 * What of a job's row changes while it lives, less what it is long: two stamps that are equal mean that nothing which is
 * shown of the job has changed in between.
 */
public record JobStamp(
        UUID id,
        JobState state,
        long fence,
        int attempt,
        Waiting waitingFor,
        Instant dueAt,
        Integer progressPercent,
        String progressMessage,
        Instant finishedAt) {

    public static JobStamp of(Job job) {
        return new JobStamp(
                job.id(),
                job.state(),
                job.fence(),
                job.attempt(),
                job.waitingFor(),
                job.dueAt(),
                job.progressPercent(),
                job.progressMessage(),
                job.finishedAt());
    }
}
