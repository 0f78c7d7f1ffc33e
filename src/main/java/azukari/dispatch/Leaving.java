package azukari.dispatch;

import azukari.job.ExitTable.Exit;
import azukari.job.ExitTable.Progress;
import azukari.job.JobState;
import azukari.job.RunRef;
import azukari.job.Standing;
import azukari.job.Ticket;
import java.time.Instant;

/**
 * A job on its way out of the state that it is in, and all that follows from that.
 *
 * @param job as the caller knows it; what it says must still be so
 * @param run what it is leaving; null unless it is RUNNING
 * @param progress the run's last word, if it is not stored yet; else null
 * @param now the time of the exit
 */
public record Leaving(Work job, RunRef run, Verdict verdict, ProgressNote progress, Instant now) {

    /** A job that leaves WAITING or QUEUED. */
    public static Leaving unclaimed(Work job, Verdict verdict, Instant now) {
        return new Leaving(job, null, verdict, null, now);
    }

    /** A run that ends. */
    static Leaving running(Run run, Verdict verdict, ProgressNote progress, Instant now) {
        return new Leaving(run.work(), run.ref(), verdict, progress, now);
    }

    Exit exit() {
        Standing standing = job.job();
        Ticket ticket = standing.ticket();
        return new Exit(
                standing.job(),
                run == null ? standing.state() : JobState.RUNNING,
                run == null ? ticket.fence() : run.fence(),
                run,
                verdict.ending(),
                progress == null ? null : new Progress(progress.percent(), progress.message()),
                now);
    }
}
