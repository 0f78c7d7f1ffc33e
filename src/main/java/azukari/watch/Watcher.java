package azukari.watch;

import azukari.job.Job;

/** Somebody who waits for a job. */
public interface Watcher {
    /**
     * Shows the job after a change. Runs on the thread that looks for all watchers, so it must not block.
     *
     * @return whether that is what was waited for
     */
    boolean saw(Job job);

    /**
     * The wait is over: it saw what it waited for, or its time is over, the node stops, or the job is gone. Called once, on
     * one of a few shared threads.
     */
    void over();
}
