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

/** A response that is sent when the job reaches the awaited condition, or when the wait times out. */
final class WaitingAnswer implements Watcher {
    private final AsyncResponse answer;
    private final BiPredicate<JobState, String> enough;
    private final BiFunction<JobState, String, Response> form;
    private volatile Seen last;

    /** The job as last seen: only its document, because the event's body may be long. */
    private record Seen(JobState state, String document) {}

    /**
     * @param enough whether a state and document fulfil the wait
     * @param form builds the response from the last state and document
     */
    WaitingAnswer(
            AsyncResponse answer, BiPredicate<JobState, String> enough, BiFunction<JobState, String, Response> form) {
        this.answer = answer;
        this.enough = enough;
        this.form = form;
    }

    /** Answers at once if the condition already holds or the client does not want to wait; watches the job otherwise. */
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
