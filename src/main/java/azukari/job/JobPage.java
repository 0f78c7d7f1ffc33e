package azukari.job;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A part of a list of jobs, newest first.
 *
 * @param next where to continue: the list continues with jobs older than this one; null at its end. If {@code next} is
 *     not null, there may be fewer jobs than requested, even none
 */
public record JobPage(List<Job> jobs, UUID next) {
    private static final Comparator<UUID> BY_AGE = Comparator.naturalOrder();

    /** One page of two lists that have no job in common. */
    public JobPage and(JobPage other, int limit) {
        // Of what is older than where one of them ends, it is not known what that one has.
        UUID end = Stream.of(this, other)
                .map(JobPage::next)
                .filter(Objects::nonNull)
                .max(BY_AGE)
                .orElse(null);
        List<Job> both = Stream.concat(jobs.stream(), other.jobs.stream())
                .filter(job -> end == null || BY_AGE.compare(job.id(), end) >= 0)
                .sorted(Comparator.comparing(Job::id, BY_AGE.reversed()))
                .toList();
        if (both.size() > limit) {
            return new JobPage(both.subList(0, limit), both.get(limit - 1).id());
        }
        return new JobPage(both, end);
    }
}
