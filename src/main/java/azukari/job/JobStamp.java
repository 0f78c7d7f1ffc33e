package azukari.job;

import java.time.Instant;
import java.util.UUID;

/**
 * What changes in a job's row during its life, without the long values: if two stamps are equal, nothing that is shown
 * of the job has changed in between.
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
        Integer childrenSucceeded,
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
                job.family() == null ? null : job.family().succeeded(),
                job.finishedAt());
    }
}
