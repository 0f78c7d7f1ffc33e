package azukari.handler;

import azukari.notify.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How a handler's run ended. */
public sealed interface Outcome {

    /**
     * The run succeeded.
     *
     * @param result anything that Jackson can write as JSON; null for none
     * @param emits the events to emit, stored in the transaction that ends this run
     * @param notices the notifications for submitters, stored in the same transaction
     */
    record Succeeded(Object result, List<Emit> emits, List<Notice> notices) implements Outcome {
        public Succeeded {
            emits = List.copyOf(emits);
            notices = List.copyOf(notices);
        }

        /**
         * A copy of this outcome that also emits an event.
         *
         * @param code an event type listed under {@code emits} in this one's document; any other fails the job
         * @param body anything that Jackson can write as JSON and that is valid against that event type's schema
         */
        public Succeeded emit(String code, Object body) {
            List<Emit> more = new ArrayList<>(emits);
            more.add(new Emit(code, body));
            return new Succeeded(result, more, notices);
        }

        /** A copy of this outcome that also stores a notification. */
        public Succeeded tell(Notice notice) {
            List<Notice> more = new ArrayList<>(notices);
            more.add(notice);
            return new Succeeded(result, emits, more);
        }
    }

    /**
     * The run failed and is to be retried; uses up an attempt.
     *
     * @param reason for people
     * @param delay how long to wait; null for the event type's back-off
     */
    record Retry(String reason, Duration delay) implements Outcome {}

    /**
     * The run failed permanently.
     *
     * @param reason for people
     * @param rejected whether an external system rejected the work permanently
     */
    record Failed(String reason, boolean rejected) implements Outcome {}

    /**
     * Nobody knows whether the work was done: a request was sent and not answered, say. As after a crash, the event type's
     * {@code onCrash} decides; a further run uses up an attempt.
     *
     * @param reason for people
     */
    record Unknown(String reason) implements Outcome {}

    /**
     * The job is postponed without using up an attempt.
     *
     * @param until when to run it again; no sooner than after the event type's {@code backoff}, no later than the job expires
     * @param reason for people; null for none
     */
    record Snooze(Instant until, String reason) implements Outcome {}

    /**
     * The outside service refused the call because it is called too often: the channel slows down on every node, and the job waits
     * for it again, without using up an attempt. Without a channel, the job is postponed.
     *
     * @param until when it may be called again; no sooner than after the event type's {@code backoff}
     * @param reason for people; null for none
     */
    record Throttled(Instant until, String reason) implements Outcome {}

    /**
     * An event to emit.
     *
     * @param code its event type
     * @param body its body
     */
    record Emit(String code, Object body) {}

    /** Success without a result. */
    static Succeeded succeeded() {
        return succeeded(null);
    }

    /** Success with a result that Jackson can write as JSON. */
    static Succeeded succeeded(Object result) {
        return new Succeeded(result, List.of(), List.of());
    }

    /** The outside service refused the call because it is called too often. */
    static Outcome throttled(Instant until, String reason) {
        return new Throttled(until, reason);
    }

    /** A failure to be retried after the event type's back-off. */
    static Outcome retry(String reason) {
        return new Retry(reason, null);
    }

    /** A failure to be retried after the given delay. */
    static Outcome retry(String reason, Duration delay) {
        return new Retry(reason, delay);
    }

    /** A permanent failure. */
    static Outcome failed(String reason) {
        return new Failed(reason, false);
    }

    /** A permanent failure, because an external system rejected the work. */
    static Outcome rejected(String reason) {
        return new Failed(reason, true);
    }

    /** Whether the work was done is unknown; {@code onCrash} decides, as after a crash. */
    static Outcome unknown(String reason) {
        return new Unknown(reason);
    }

    /**
     * Postpones the job until the given time without using up an attempt. An earlier time than after the event type's back-off
     * would make a hot loop of it, and counts as that.
     */
    static Outcome snooze(Instant until, String reason) {
        return new Snooze(until, reason);
    }
}
