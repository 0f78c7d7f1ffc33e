package azukari.dispatch;

import azukari.limit.Slot;
import java.time.Duration;
import java.util.UUID;

/** Where runs get slots for calls through their channels. */
@FunctionalInterface
interface CallSlots {
    /** For runs that nothing limits. */
    CallSlots UNLIMITED = (job, channel) -> new Answer(Slot.now(), Duration.ZERO);

    /**
     * A slot, or how long to wait before asking again.
     *
     * @param slot null if there is none soon
     * @param pause how long to wait before asking again; null with a slot
     */
    record Answer(Slot slot, Duration pause) {}

    /** Puts the next calls off, soon: the job's call began so much later than it may. Must be quick. */
    default void late(UUID job, Duration by) {}

    /**
     * Takes a slot for a call.
     *
     * @param channel one of the job's; null: all of them at once
     */
    Answer take(UUID job, String channel);
}
