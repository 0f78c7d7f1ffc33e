package azukari.job;

import java.util.List;
import java.util.UUID;

/**
 * A part of a list of jobs, newest first.
 *
 * @param next where to continue: the list continues with jobs older than this one; null at its end. If {@code next} is
 *     not null, there may be fewer jobs than requested, even none
 */
public record JobPage(List<Job> jobs, UUID next) {}
