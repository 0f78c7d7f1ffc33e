package azukari.dispatch;

import azukari.limit.Slot;
import java.time.Duration;
import java.util.Optional;
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

        /** Further ahead each time: where a commit takes long, a slot might have passed before it is known. */
        Call after(Slot another) {
            return new Call(job, channel, lead.multipliedBy(2), another);
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
     * @return the slot whose time it is now; empty if the next one is too far away
     */
    default Optional<Slot> await(UUID job, Slot slot) throws InterruptedException {
        Call call = Call.of(job, null);
        Slot next = slot == null ? take(call).slot() : slot;
        while (next != null && !next.await()) {
            call = call.after(next);
            next = take(call).slot();
        }
        return Optional.ofNullable(next);
    }
}
