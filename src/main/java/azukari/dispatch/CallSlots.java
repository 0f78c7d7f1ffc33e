package azukari.dispatch;

import azukari.limit.Slot;
import java.time.Duration;
import java.util.UUID;

/** Where runs get slots for calls through their channels. */
@FunctionalInterface
interface CallSlots {
    /** For runs that nothing limits. */
    CallSlots UNLIMITED = call -> new Answer(Slot.now(), Duration.ZERO);

    /**
     * A call that is to begin.
     *
     * @param channel one of the job's; null: all of them at once
     * @param lead how far ahead the slot is to be, at least
     * @param missed the slot that it had; null for none
     */
    record Call(UUID job, String channel, Duration lead, Slot missed) {
        static Call of(UUID job, String channel) {
            return new Call(job, channel, Slot.LEAD, null);
        }

        /** Further ahead each time, up to a bound: where a commit takes long, a slot might have passed before it is known. */
        Call after(Slot missed) {
            return new Call(job, channel, isLast() ? lead : lead.multipliedBy(2), missed);
        }

        boolean isLast() {
            return lead.compareTo(Slot.LONGEST_LEAD) >= 0;
        }
    }

    /**
     * A slot, or how long to wait before asking again.
     *
     * @param slot null if there is none soon
     * @param pause how long to wait before asking again; null with a slot
     */
    record Answer(Slot slot, Duration pause) {}

    /** Takes a slot. */
    Answer take(Call call);

    /**
     * Waits for a slot of a job's call. One that is missed is given up and another one taken, so that lateness never becomes a burst.
     *
     * @param slot null if the job has none yet
     * @return true when it is a slot's time; false if the next one is too far away, or commits take too long to make use of one
     */
    default boolean await(UUID job, Slot slot) throws InterruptedException {
        Call call = Call.of(job, null);
        Slot next = slot == null ? take(call).slot() : slot;
        while (next != null && !next.await()) {
            boolean last = call.isLast();
            call = call.after(next);
            next = last ? null : take(call).slot();
        }
        return next != null;
    }
}
