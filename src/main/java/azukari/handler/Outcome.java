package azukari.handler;

import azukari.notify.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How a handler's run ended. Closed: there are no others. */
public sealed interface Outcome {

    /**
     * Done.
     *
     * @param result anything that Jackson can write as JSON; null for none
     * @param emits the events that follow, stored in the transaction that ends this run
     * @param notices what submitters are told, stored in the same transaction
     */
    record Succeeded(Object result, List<Emit> emits, List<Notice> notices) implements Outcome {
        public Succeeded {
            emits = List.copyOf(emits);
            notices = List.copyOf(notices);
        }

        /**
         * The same, with one more event to follow.
         *
         * @param code an event type that this one's document lists under {@code emits}; anything else fails the job
         * @param body anything that Jackson can write as JSON, valid by that event type's schema
         */
        public Succeeded emit(String code, Object body) {
            List<Emit> more = new ArrayList<>(emits);
            more.add(new Emit(code, body));
            return new Succeeded(result, more, notices);
        }

        /** The same, with one more notification. */
        public Succeeded tell(Notice notice) {
            List<Notice> more = new ArrayList<>(notices);
            more.add(notice);
            return new Succeeded(result, emits, more);
        }
    }

    /**
     * Try again; uses up an attempt.
     *
     * @param reason for people
     * @param delay null: by the event type's back-off
     */
    record Retry(String reason, Duration delay) implements Outcome {}

    /**
     * Failed for good.
     *
     * @param reason for people
     * @param rejected whether it was the outside that said no for good
     */
    record Failed(String reason, boolean rejected) implements Outcome {}

    /**
     * Not now; uses up no attempt.
     *
     * @param until when to run again
     * @param reason for people; null for none
     */
    record Snooze(Instant until, String reason) implements Outcome {}

    /**
     * An event to follow.
     *
     * @param code its event type
     * @param body its body
     */
    record Emit(String code, Object body) {}

    /** Done, without a result. */
    static Succeeded succeeded() {
        return succeeded(null);
    }

    /** Done, with a result that Jackson can write as JSON. */
    static Succeeded succeeded(Object result) {
        return new Succeeded(result, List.of(), List.of());
    }

    /** Try again by the event type's back-off. */
    static Outcome retry(String reason) {
        return new Retry(reason, null);
    }

    /** Try again after a delay. */
    static Outcome retry(String reason, Duration delay) {
        return new Retry(reason, delay);
    }

    /** Failed for good. */
    static Outcome failed(String reason) {
        return new Failed(reason, false);
    }

    /** Failed for good, because the outside said no. */
    static Outcome rejected(String reason) {
        return new Failed(reason, true);
    }

    /** Not now, but at the given time; uses up no attempt. */
    static Outcome snooze(Instant until, String reason) {
        return new Snooze(until, reason);
    }
}
