package azukari.dispatch;

import azukari.job.Ending;
import azukari.job.JobOrder;
import azukari.limit.Throttle;
import azukari.notify.Notice;
import java.util.List;

/**
 * Everything that the end of a run means: for the job and its ledger, and for what follows in the same transaction.
 *
 * @param follows the jobs that it emits
 * @param notices the notifications for submitters
 * @param throttle what the outside said about how often it is called; null for nothing
 */
public record Verdict(Ending ending, List<JobOrder> follows, List<Notice> notices, Throttle throttle) {
    Verdict(Ending ending, List<JobOrder> follows, List<Notice> notices) {
        this(ending, follows, notices, null);
    }
}
