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
 * What would become of the job. Its text, as {@code toString} gives it, says all of it, for the messages of assertions.
 *
 * @param state the job's next state: an ended one, {@code WAITING} to be run again, or {@code QUEUED} to be run again at once
 * @param outcome what the ledger would say of this run
 * @param handled whether the handler was called to work; a probe may have answered instead
 * @param dueAt when it would be run again; null when it is not {@code WAITING}
 * @param result the job's result; null when there is none
 * @param error why it failed, or is to be run again; null when nothing went wrong
 * @param emits the events that the handler's code emitted, in their order; none unless the job has succeeded
 * @param followUps the events that the document lists under {@code onSucceeded} or {@code onFailed}, with the outcome document
 *     as body; none when the job goes on
 * @param notices what submitters are told
 * @param progress what the handler said of its progress, all of it, in its order; a server stores only the newest
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
        // What the document lists comes last.
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
