package azukari.testkit;

import azukari.catalog.EventType;
import azukari.dispatch.ProgressNote;
import azukari.dispatch.Verdict;
import azukari.job.Ending;
import azukari.job.JobError;
import azukari.job.JobState;
import azukari.job.RunOutcome;
import azukari.job.Transitions;
import azukari.notify.Notice;
import azukari.platform.Json;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * What would happen to the job. {@code toString} shows everything, for use in assertion messages.
 *
 * @param state the job's next state: an ended one, {@code WAITING} to run again later, or {@code QUEUED} to run again at once
 * @param outcome the outcome of this run in the ledger
 * @param handled whether the handler was called to do the work; a probe may have ended the job instead
 * @param dueAt when the job would run again; null unless it is {@code WAITING}
 * @param result the job's result; null if there is none
 * @param error why the job failed or is to run again; null if nothing went wrong
 * @param emits the events that the handler emitted, in order; empty unless the job has succeeded
 * @param followUps the events listed in the document under {@code onSucceeded} or {@code onFailed}, with the outcome document
 *     as body; empty unless the job has ended
 * @param notices the notifications for submitters
 * @param progress every progress report of the handler, in order; a server stores only the latest
 */
public record RunReport(
        JobState state,
        RunOutcome outcome,
        boolean handled,
        Instant dueAt,
        JsonNode result,
        JobError error,
        List<Emitted> emits,
        List<Emitted> followUps,
        List<Notice> notices,
        List<ProgressNote> progress) {

    public RunReport {
        emits = List.copyOf(emits);
        followUps = List.copyOf(followUps);
        notices = List.copyOf(notices);
        progress = List.copyOf(progress);
    }

    static RunReport of(UUID job, EventType type, Verdict verdict, boolean handled, List<ProgressNote> progress) {
        Ending ending = verdict.ending();
        List<Emitted> all = verdict.follows().stream().map(Emitted::of).toList();
        // The follow-ups listed in the document come last.
        int emitted = ending.outcome() == RunOutcome.SUCCEEDED
                ? all.size() - type.onSucceeded().size()
                : 0;
        return new RunReport(
                Transitions.next(job, JobState.RUNNING, ending.event()),
                ending.outcome(),
                handled,
                ending.dueAt(),
                ending.result() == null ? null : Json.read(ending.result()),
                ending.error(),
                all.subList(0, emitted),
                all.subList(emitted, all.size()),
                verdict.notices(),
                progress);
    }
}
