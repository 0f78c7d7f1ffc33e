package azukari.job;

import java.util.List;
import java.util.UUID;

/**
 * A part of a list of jobs, newest first.
 *
 * @param next where to go on: the list goes on with jobs older than this one; null at its end. With {@code next} there may be
 *     fewer jobs than were asked for, even none
 */
public record JobPage(List<Job> jobs, UUID next) {}
