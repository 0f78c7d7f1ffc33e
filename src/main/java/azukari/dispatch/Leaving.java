package azukari.dispatch;

import azukari.job.ExitTable.Exit;
import azukari.job.ExitTable.Progress;
import azukari.job.JobState;
import azukari.job.RunRef;
import azukari.job.Standing;
import azukari.job.Ticket;
import java.time.Instant;

/**
 * A job that is leaving its state, and everything that follows from that.
 *
 * @param job as the caller knows it; must still be accurate
 * @param run the run that it is leaving; null unless it is RUNNING
 * @param progress the run's last progress, if it is not stored yet; otherwise null
 * @param now the time of the exit
 */
public record Leaving(Work job, RunRef run, Verdict verdict, ProgressNote progress, Instant now) {

    /** A job that leaves WAITING or QUEUED. */
    public static Leaving unclaimed(Work job, Verdict verdict, Instant now) {
        return new Leaving(job, null, verdict, null, now);
    }

    /** The end of a run. */
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
