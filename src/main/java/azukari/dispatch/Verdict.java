package azukari.dispatch;

import azukari.job.Ending;
import azukari.job.JobOrder;
import azukari.notify.Notice;
import java.util.List;

/**
 * All that a run's end means: for the job and its ledger, and what follows from it in the same transaction.
 *
 * @param follows the jobs that it emits
 * @param notices what submitters are told
 */
public record Verdict(Ending ending, List<JobOrder> follows, List<Notice> notices) {}
