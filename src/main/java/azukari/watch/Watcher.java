package azukari.watch;

import azukari.job.Job;

/** Waits for a job to reach some condition. */
public interface Watcher {
    /**
     * Called with the job after a change. Runs on the thread shared by all watchers, so it must not block.
     *
     * @return whether the wait is fulfilled
     */
    boolean saw(Job job);

    /**
     * The wait is over: it was fulfilled or timed out, the node is shutting down, or the job is gone. Called once, on one of a
     * few shared threads.
     */
    void over();
}
