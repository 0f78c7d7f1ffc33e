package azukari.dispatch;

import azukari.job.RunRef;

/** Takes what runs tell of their progress; from any thread. */
interface ProgressSink {
    void note(RunRef run, ProgressNote note);
}
