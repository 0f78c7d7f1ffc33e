package azukari.dispatch;

import azukari.catalog.Catalog;
import azukari.catalog.OnCrash;
import azukari.database.DataRefusedException;
import azukari.handler.Outcome;
import azukari.handler.PermanentFailureException;
import azukari.job.Ending;
import azukari.job.ErrorKind;
import azukari.job.Family;
import azukari.job.JobError;
import azukari.job.JobOrder;
import azukari.job.Waiting;
import azukari.limit.Throttle;
import azukari.notify.Notice;
import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Decides what the end of a run means: pure rules over outcome, event type and attempt. */
@Service
public class Verdicts {
    /** In characters: less than a column holds, since an alarm's body contains the result and more. */
    private static final int MOST_RESULT = 1_000_000;

    /** Longer than any job lives. */
    private static final Duration LONGEST_DELAY = Duration.ofDays(10_000);

    /** One answer must not stop a channel for all for longer; what is asked again then says so again. */
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private static final Duration UNKNOWN_TYPE_WAIT = Duration.ofSeconds(30);

    private final FollowUps followUps;
    private final Clock clock;
    private final RandomGenerator random = RandomGenerator.getDefault();

    @Inject
    public Verdicts(Catalog catalog, Clock clock) {
        this.followUps = new FollowUps(catalog);
        this.clock = clock;
    }

    /** The handler returned. */
    Verdict of(Work work, Outcome outcome) {
        if (outcome instanceof Outcome.Succeeded succeeded) {
            return succeeded(work, succeeded);
        }
        if (outcome instanceof Outcome.Retry retry) {
            return retry(work, new JobError(ErrorKind.HANDLER, retry.reason()), retry.delay(), false);
        }
        if (outcome instanceof Outcome.Failed failed) {
            return failed(
                    work, new JobError(failed.rejected() ? ErrorKind.REJECTED : ErrorKind.HANDLER, failed.reason()));
        }
        if (outcome instanceof Outcome.Unknown unknown) {
            return unknown(work, new JobError(ErrorKind.HANDLER, unknown.reason()));
        }
        if (outcome instanceof Outcome.Throttled throttled) {
            return throttled(work, throttled);
        }
        if (outcome instanceof Outcome.Snooze snooze) {
            return snoozed(work, snooze);
        }
        return failed(work, new JobError(ErrorKind.HANDLER, "the handler returned no outcome"));
    }

    /** The handler threw without having been asked to stop. */
    Verdict threw(Work work, Throwable thrown) {
        JobError error = new JobError(ErrorKind.HANDLER, described(thrown));
        return thrown instanceof PermanentFailureException ? failed(work, error) : retry(work, error, null, false);
    }

    /** The handler threw after its timeout: the call was interrupted, so the event type's {@code onCrash} decides. */
    Verdict timedOut(Work work) {
        JobError error = new JobError(
                ErrorKind.TIMEOUT,
                "the run was stopped after its timeout of "
                        + work.type().timeout().toMillis() + " ms");
        return unknown(work, error);
    }

    /** Whether the run took effect is unknown, and it ended by itself: a further one uses up an attempt. */
    private Verdict unknown(Work work, JobError error) {
        if (work.type().onCrash() == OnCrash.ASK) {
            return uncertain(work, error);
        }
        return retry(work, error, null, work.type().onCrash() == OnCrash.PROBE);
    }

    /** Not before the back-off: a time that is past, or that a clock behind ours calls future, would make a hot loop. */
    private Verdict snoozed(Work work, Outcome.Snooze snooze) {
        JobError why = snooze.reason() == null ? null : new JobError(ErrorKind.HANDLER, snooze.reason());
        Instant earliest = clock.instant().plus(work.type().retry().delayBefore(2, random));
        Instant until = snooze.until() == null || snooze.until().isBefore(earliest) ? earliest : snooze.until();
        return only(Ending.snoozed(Waiting.TIME, notAfterExpiry(work, until), why));
    }

    /** With a channel, the job goes back to the line, which stands still until the given time. */
    private Verdict throttled(Work work, Outcome.Throttled throttled) {
        if (work.type().channels().isEmpty()) {
            return snoozed(work, new Outcome.Snooze(throttled.until(), throttled.reason()));
        }
        Instant now = clock.instant();
        JobError why = throttled.reason() == null ? null : new JobError(ErrorKind.HANDLER, throttled.reason());
        Duration pause = throttled.until() == null ? Duration.ZERO : Duration.between(now, throttled.until());
        Duration least = work.type().retry().delayBefore(2, random);
        Throttle throttle = new Throttle(pause.compareTo(least) < 0 ? least : longest(pause), true);
        Instant due = notAfterExpiry(work, now.plus(throttle.pause()));
        return new Verdict(Ending.throttled(why, due), List.of(), List.of(), throttle);
    }

    /**
     * The same verdict, and its job's channels are closed until a time.
     *
     * @param until null: they stay open
     */
    Verdict closing(Work work, Verdict verdict, Instant until) {
        Instant now = clock.instant();
        if (until == null
                || !until.isAfter(now)
                || verdict.throttle() != null
                || !work.event().limited()) {
            return verdict;
        }
        Throttle throttle = new Throttle(longest(Duration.between(now, until)), false);
        return new Verdict(verdict.ending(), verdict.follows(), verdict.notices(), throttle);
    }

    private static Duration longest(Duration pause) {
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /**
     * The run was interrupted (death, shutdown, cancel, a lost thread); running it again uses up no attempt. If the job
     * is to be cancelled anyway, it ends, but not before its handler could be asked whether its effect happened. Without
     * the event type this node can't know whether it may run again: the next node that runs it and has the type decides.
     */
    Verdict interrupted(Work work, String how) {
        JobError error = new JobError(ErrorKind.INTERRUPTED, how);
        if (work.type() == null) {
            return only(Ending.interrupted(true, error, clock.instant()));
        }
        if (work.type().onCrash() == OnCrash.ASK) {
            return uncertain(work, error);
        }
        if (work.ticket().cancelling() && work.type().onCrash() == OnCrash.RERUN) {
            return cancelled(work);
        }
        return only(Ending.interrupted(work.type().onCrash() == OnCrash.PROBE, error, clock.instant()));
    }

    /**
     * Three deaths count against the job (rule 7). If its effect may not simply be repeated, a person has to decide.
     */
    Verdict poisonous(Work work) {
        JobError error = new JobError(
                ErrorKind.POISON,
                "three deaths of the process interrupted its runs, each time with no other suspect running");
        boolean repeatable = work.type() != null && work.type().onCrash() == OnCrash.RERUN;
        return repeatable ? failed(work, error) : uncertain(work, error);
    }

    /** Cancellation was requested, and the job's effect is not in doubt. */
    Verdict cancelled(Work work) {
        return new Verdict(Ending.cancelled(), followUps.onFailed(work, "CANCELLED", null), List.of());
    }

    /** The handler was asked whether an interrupted run had its effect, and cannot determine that. */
    Verdict unknowable(Work work) {
        return uncertain(
                work,
                new JobError(ErrorKind.INTERRUPTED, "the handler cannot tell whether an interrupted run took effect"));
    }

    /** The outcome cannot be stored. */
    Verdict notStorable(Work work, RuntimeException failure) {
        String reason =
                failure instanceof DataRefusedException ? failure.getMessage() : "the cause is in the server's log";
        return failed(work, new JobError(ErrorKind.HANDLER, "the handler's outcome cannot be stored: " + reason));
    }

    /**
     * This node's catalogue does not contain the event type; another node's may. A job that is to be cancelled would come
     * back at once, again and again, so it ends here.
     */
    Verdict unknownType(Work work) {
        JobError error =
                new JobError(ErrorKind.HANDLER, "event type " + work.code() + " is not in this node's catalogue");
        if (work.ticket().cancelling()) {
            return work.ticket().doubtful() ? uncertain(work, error) : cancelled(work);
        }
        return only(Ending.leftToOthers(notAfterExpiry(work, clock.instant().plus(UNKNOWN_TYPE_WAIT)), error));
    }

    /** A run was interrupted, and whoever noticed did not know that the event type asks what to do then. */
    Verdict doubtfulFromBefore(Work work) {
        return interrupted(work, "an earlier run was interrupted");
    }

    /** The job outlived its {@code expireAfter}. */
    Verdict expired(Work work) {
        JobError error = new JobError(ErrorKind.EXPIRED, "the job did not end before it expired");
        return new Verdict(Ending.expired(error), followUps.onFailed(work, "FAILED", error), List.of());
    }

    /**
     * The handler of a claimed run was never called: whatever {@code onCrash} specifies, there is no effect to doubt.
     */
    Verdict notBegun() {
        return only(Ending.notBegun(clock.instant()));
    }

    /** An earlier delivery of its message began the run in this process, and how that ended was not committed. */
    Verdict begunBefore(Work work) {
        return interrupted(work, "the run was interrupted after its handler had begun");
    }

    /** The job's message may be lost. */
    Verdict resent() {
        return only(Ending.resent(clock.instant()));
    }

    /** The job's call may not begin yet: it waits for its channel again. */
    static Verdict sentBack(Instant now) {
        return only(Ending.sentBack(now));
    }

    /** A child for each event type that the job's own fans out to. */
    Verdict fannedOut(Work work, JsonNode body) {
        try {
            List<JobOrder> children = followUps.children(work, body);
            return new Verdict(Ending.fannedOut(work.ticket().expiresAt()), children, List.of());
        } catch (FollowUps.RefusedEmitException e) {
            return failed(work, new JobError(ErrorKind.HANDLER, e.getMessage()));
        }
    }

    /** All children have ended. */
    Verdict joined(Work work, Family family) {
        ObjectNode counts = Json.object();
        counts.put("total", family.total());
        counts.put("succeeded", family.succeeded());
        counts.put("failed", family.failed());
        if (family.failed() == 0) {
            String result = Json.write(counts);
            return new Verdict(Ending.joined(result), followUps.onJoined(work, result), List.of());
        }
        if (work.ticket().cancelling()) {
            return cancelled(work);
        }
        JobError error = new JobError(
                ErrorKind.CHILDREN, family.failed() + " of " + family.total() + " children did not succeed");
        return new Verdict(Ending.failedWithChildren(error), followUps.onFailed(work, "FAILED", error), List.of());
    }

    /** The job is not to run before the given time. */
    static Verdict standingAside(Instant dueAt) {
        return only(Ending.standingAside(dueAt));
    }

    /** An operator found out that the effect of an UNCERTAIN job happened. */
    Verdict resolvedAsSucceeded(Work work, JsonNode result) {
        Verdict succeeded = succeeded(work, Outcome.succeeded(result));
        return new Verdict(
                Ending.resolvedAsSucceeded(succeeded.ending().result()), succeeded.follows(), succeeded.notices());
    }

    /** An operator gave an UNCERTAIN job up. */
    Verdict resolvedAsFailed(Work work) {
        JobError error = new JobError(ErrorKind.HANDLER, "an operator found out that it had no effect, and gave it up");
        return new Verdict(Ending.resolvedAsFailed(error), followUps.onFailed(work, "FAILED", error), List.of());
    }

    private Verdict succeeded(Work work, Outcome.Succeeded outcome) {
        String result;
        List<JobOrder> follows;
        try {
            result = result(outcome.result());
            follows = followUps.onSucceeded(work, outcome.emits(), result);
        } catch (FollowUps.RefusedEmitException e) {
            return failed(work, new JobError(ErrorKind.HANDLER, e.getMessage()));
        } catch (JacksonException e) {
            return failed(
                    work,
                    new JobError(ErrorKind.HANDLER, "the result cannot be written as JSON: " + e.getOriginalMessage()));
        }
        List<Notice> notices = outcome.notices();
        return new Verdict(Ending.succeeded(result), follows, notices);
    }

    private static String result(Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof JsonNode tree && Json.isTooDeep(tree)) {
            return omitted("the result was nested too deeply"); // So deeply, perhaps, that it could not be written.
        }
        String text = Json.write(value);
        if (text.length() > MOST_RESULT) {
            return omitted("the result was longer than " + MOST_RESULT + " characters");
        }
        try {
            Json.parse(text);
            return text;
        } catch (MalformedJsonException e) {
            return omitted("the result could not be read again: " + e.getMessage());
        }
    }

    private static String omitted(String reason) {
        return Json.write(Json.object().put("omitted", reason));
    }

    private Verdict retry(Work work, JobError error, Duration asked, boolean doubtful) {
        int attempt = work.ticket().attempt() + 1;
        if (attempt >= work.event().maxAttempts()) {
            return failed(work, error);
        }
        Duration delay = asked == null ? work.type().retry().delayBefore(attempt + 1, random) : asked;
        Instant due = notAfterExpiry(work, after(delay));
        return only(Ending.retry(due, doubtful, error));
    }

    private Verdict failed(Work work, JobError error) {
        return new Verdict(Ending.failed(error), followUps.onFailed(work, "FAILED", error), List.of());
    }

    private Verdict uncertain(Work work, JobError error) {
        return new Verdict(Ending.uncertain(error), followUps.onFailed(work, "UNCERTAIN", error), List.of());
    }

    private static Verdict only(Ending ending) {
        return new Verdict(ending, List.of(), List.of());
    }

    /** Whatever a handler asks for, never in the past and never beyond what can be added. */
    private Instant after(Duration delay) {
        if (delay.isNegative()) {
            return clock.instant();
        }
        return clock.instant().plus(delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY);
    }

    private static Instant notAfterExpiry(Work work, Instant due) {
        Instant expiry = work.ticket().expiresAt();
        return due.isBefore(expiry) ? due.truncatedTo(ChronoUnit.MICROS) : expiry;
    }

    private static String described(Throwable thrown) {
        String message = thrown.getMessage();
        String name = thrown.getClass().getSimpleName();
        return message == null || message.isBlank() ? name : name + ": " + message;
    }
}
