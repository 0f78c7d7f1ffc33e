package azukari.dispatch;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.catalog.OnCrash;
import azukari.database.DataRefusedException;
import azukari.handler.Outcome;
import azukari.handler.PermanentFailureException;
import azukari.job.Ending;
import azukari.job.ErrorKind;
import azukari.job.JobError;
import azukari.job.JobOrder;
import azukari.job.Waiting;
import azukari.notify.Notice;
import azukari.outbox.Envelope;
import azukari.platform.Json;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.core.JacksonException;

/** Decides what the end of a run means: pure rules over outcome, event type and attempt. */
@Service
public class Verdicts {
    /** Less than what a column holds, since an alarm's body holds the result and more. */
    private static final int MOST_RESULT = 1_000_000;

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
    Verdict of(EventType type, Envelope event, Outcome outcome) {
        if (outcome instanceof Outcome.Succeeded succeeded) {
            return succeeded(type, event, succeeded);
        }
        if (outcome instanceof Outcome.Retry retry) {
            return retry(type, event, new JobError(ErrorKind.HANDLER, retry.reason()), retry.delay(), false);
        }
        if (outcome instanceof Outcome.Failed failed) {
            return failed(
                    type,
                    event,
                    new JobError(failed.rejected() ? ErrorKind.REJECTED : ErrorKind.HANDLER, failed.reason()));
        }
        if (outcome instanceof Outcome.Snooze snooze) {
            JobError why = snooze.reason() == null ? null : new JobError(ErrorKind.HANDLER, snooze.reason());
            return only(Ending.snoozed(Waiting.TIME, notAfterExpiry(event, snooze.until()), why));
        }
        return failed(type, event, new JobError(ErrorKind.HANDLER, "the handler returned no outcome"));
    }

    /** The handler threw; nobody had asked it to stop. */
    Verdict threw(EventType type, Envelope event, Throwable thrown) {
        JobError error = new JobError(ErrorKind.HANDLER, described(thrown));
        return thrown instanceof PermanentFailureException
                ? failed(type, event, error)
                : retry(type, event, error, null, false);
    }

    /** The handler threw after its time was over: the call was cut off, so the event type's {@code onCrash} decides. */
    Verdict timedOut(EventType type, Envelope event) {
        JobError error = new JobError(
                ErrorKind.TIMEOUT,
                "the run was stopped after its time-out of " + type.timeout().toMillis() + " ms");
        if (type.onCrash() == OnCrash.ASK) {
            return uncertain(type, event, error);
        }
        return retry(type, event, error, null, type.onCrash() == OnCrash.PROBE);
    }

    /**
     * The run was cut off (death, shutdown, cancel, a lost thread); costs no attempt. When it is to end anyway, it does, but
     * not before its handler could be asked whether its effect happened.
     *
     * @param type null when this node's catalogue does not have it
     */
    Verdict interrupted(EventType type, Envelope event, String how) {
        JobError error = new JobError(ErrorKind.INTERRUPTED, how);
        if (type == null || type.onCrash() == OnCrash.ASK) {
            return uncertain(type, event, error);
        }
        if (event.cancelling() && type.onCrash() == OnCrash.RERUN) {
            return cancelled(type, event);
        }
        return only(Ending.interrupted(type.onCrash() == OnCrash.PROBE, error));
    }

    /**
     * Three deaths count against the job (rule 7). When its effect may not simply be repeated, that is for somebody to see to.
     *
     * @param type null when this node's catalogue does not have it
     */
    Verdict poisonous(EventType type, Envelope event) {
        JobError error = new JobError(
                ErrorKind.POISON,
                "three deaths of the process cut its runs off, each time with no other suspect beside it");
        boolean repeatable = type != null && type.onCrash() == OnCrash.RERUN;
        return repeatable ? failed(type, event, error) : uncertain(type, event, error);
    }

    /**
     * Somebody asked for the job's end, and it is not in doubt.
     *
     * @param type null when this node's catalogue does not have it
     */
    Verdict cancelled(EventType type, Envelope event) {
        return new Verdict(Ending.cancelled(), followUps.onFailed(type, event, "CANCELLED", null), List.of());
    }

    /** The handler was asked whether a cut-off run had its effect, and can't tell. */
    Verdict untold(EventType type, Envelope event) {
        return uncertain(
                type,
                event,
                new JobError(ErrorKind.INTERRUPTED, "the handler can't tell whether a cut-off run had its effect"));
    }

    /**
     * The outcome can't be stored.
     *
     * @param type null when this node's catalogue does not have it
     */
    Verdict notStorable(EventType type, Envelope event, RuntimeException failure) {
        String reason =
                failure instanceof DataRefusedException ? failure.getMessage() : "the cause is in the server's log";
        return failed(type, event, new JobError(ErrorKind.HANDLER, "the handler's outcome can't be stored: " + reason));
    }

    /** This node's catalogue does not have the event type: another node's may. */
    Verdict unknownType(Envelope event) {
        JobError error =
                new JobError(ErrorKind.HANDLER, "event type " + event.code() + " is not in this node's catalogue");
        Instant until = notAfterExpiry(event, clock.instant().plus(UNKNOWN_TYPE_WAIT));
        return only(Ending.snoozed(Waiting.TIME, until, error));
    }

    /** What follows when a job expires. */
    List<JobOrder> expired(EventType type, Envelope event) {
        return followUps.onFailed(
                type, event, "FAILED", new JobError(ErrorKind.EXPIRED, "it did not end before it expired"));
    }

    private Verdict succeeded(EventType type, Envelope event, Outcome.Succeeded outcome) {
        String result;
        List<JobOrder> follows;
        try {
            result = result(outcome.result());
            follows = followUps.onSucceeded(type, event, outcome.emits(), result);
        } catch (FollowUps.RefusedEmitException e) {
            return failed(type, event, new JobError(ErrorKind.HANDLER, e.getMessage()));
        } catch (JacksonException e) {
            return failed(
                    type,
                    event,
                    new JobError(ErrorKind.HANDLER, "the result can't be written as JSON: " + e.getOriginalMessage()));
        }
        List<Notice> notices = outcome.notices();
        return new Verdict(Ending.succeeded(result), follows, notices);
    }

    private static String result(Object value) {
        if (value == null) {
            return null;
        }
        String text = Json.write(value);
        return text.length() <= MOST_RESULT
                ? text
                : Json.write(Json.object().put("omitted", "the result was longer than " + MOST_RESULT + " characters"));
    }

    private Verdict retry(EventType type, Envelope event, JobError error, Duration asked, boolean doubtful) {
        int attempt = event.attempt() + 1;
        if (attempt >= event.maxAttempts()) {
            return failed(type, event, error);
        }
        Duration delay = asked == null ? type.retry().delayBefore(attempt + 1, random) : asked;
        Instant due = notAfterExpiry(event, clock.instant().plus(delay));
        return only(Ending.retry(due, doubtful, error));
    }

    private Verdict failed(EventType type, Envelope event, JobError error) {
        return new Verdict(Ending.failed(error), followUps.onFailed(type, event, "FAILED", error), List.of());
    }

    private Verdict uncertain(EventType type, Envelope event, JobError error) {
        return new Verdict(Ending.uncertain(error), followUps.onFailed(type, event, "UNCERTAIN", error), List.of());
    }

    private static Verdict only(Ending ending) {
        return new Verdict(ending, List.of(), List.of());
    }

    private static Instant notAfterExpiry(Envelope event, Instant due) {
        Instant whole = due.truncatedTo(ChronoUnit.MICROS);
        return whole.isBefore(event.expiresAt()) ? whole : event.expiresAt();
    }

    private static String described(Throwable thrown) {
        String message = thrown.getMessage();
        String name = thrown.getClass().getSimpleName();
        return message == null || message.isBlank() ? name : name + ": " + message;
    }
}
