package azukari.api;

import azukari.job.Job;
import azukari.job.JobStamp;
import azukari.job.JobState;
import azukari.platform.Json;
import azukari.watch.JobWatch;
import azukari.watch.Watcher;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;

/** An answer that is given when a job is as it was waited for, or when the time is over. */
final class WaitingAnswer implements Watcher {
    private final AsyncResponse answer;
    private final BiPredicate<JobState, String> enough;
    private final BiFunction<JobState, String, Response> form;
    private volatile Seen last;

    /** The job as it was seen last: its document alone, for the event's body may be long. */
    private record Seen(JobState state, String document) {}

    /**
     * @param enough whether a state and its document are what is waited for
     * @param form the answer by the last state and document
     */
    WaitingAnswer(
            AsyncResponse answer, BiPredicate<JobState, String> enough, BiFunction<JobState, String, Response> form) {
        this.answer = answer;
        this.enough = enough;
        this.form = form;
    }

    /** Answers at once when the job is as it should be already, or the client would not wait; else has it watched. */
    void on(JobWatch watch, Job job, WaitPreference preference) {
        if (saw(job) || preference.longest().isZero()) {
            over();
        } else {
            watch.watch(JobStamp.of(job), preference.longest(), this);
        }
    }

    @Override
    public boolean saw(Job job) {
        Seen now = new Seen(job.state(), Json.write(JobDocument.whole(job)));
        last = now;
        return enough.test(now.state(), now.document());
    }

    @Override
    public void over() {
        Seen seen = last;
        answer.resume(form.apply(seen.state(), seen.document()));
    }
}
