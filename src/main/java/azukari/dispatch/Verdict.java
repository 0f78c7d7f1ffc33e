package azukari.dispatch;

import azukari.job.Ending;
import azukari.job.JobOrder;
import azukari.notify.Notice;
import java.util.List;

/**
 * Everything that the end of a run means: for the job and its ledger, and for what follows in the same transaction.
 *
 * @param follows the jobs that it emits
 * @param notices the notifications for submitters
 */
public record Verdict(Ending ending, List<JobOrder> follows, List<Notice> notices) {}
