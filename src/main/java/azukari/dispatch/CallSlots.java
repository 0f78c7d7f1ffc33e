package azukari.dispatch;

import azukari.limit.Slot;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Where runs get slots for calls through their channels. */
@FunctionalInterface
interface CallSlots {
    /** For runs that nothing limits. */
    CallSlots UNLIMITED = (job, channel, lead) -> new Answer(Slot.now(), Duration.ZERO);

    /**
     * A slot, or how long to wait before asking again.
     *
     * @param slot null if there is none soon
     * @param pause how long to wait before asking again; null with a slot
     */
    record Answer(Slot slot, Duration pause) {}

    /**
     * Takes a slot for a call.
     *
     * @param channel one of the job's; null: all of them at once
     * @param lead how far ahead the slot is to be, at least
     */
    Answer take(UUID job, String channel, Duration lead);

    /**
     * Waits for a slot of a job's call. One that is missed is given up and another one taken, so that lateness never becomes a burst;
     * each time further ahead, as where a commit takes long, a slot might have passed before it is known.
     *
     * @param slot null if the job has none yet
     * @return the slot whose time it is now; empty if the next one is too far away
     */
    default Optional<Slot> await(UUID job, Slot slot) throws InterruptedException {
        Slot next = slot;
        Duration lead = Slot.LEAD;
        while (next == null || !next.await()) {
            next = take(job, null, lead).slot();
            if (next == null) {
                return Optional.empty();
            }
            lead = lead.multipliedBy(2);
        }
        return Optional.of(next);
    }
}
