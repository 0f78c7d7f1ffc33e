package azukari.dispatch;

import azukari.job.RunRef;

/** Receives the progress that runs report, from any thread. */
interface ProgressSink {
    void note(RunRef run, ProgressNote note);
}
