package azukari.dispatch;

import azukari.job.RunRef;
import azukari.limit.Slot;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * One run on a lane, from its claim to its end.
 *
 * @param work the job as its message describes it
 * @param body the event's body
 * @param ref what its end must match
 * @param active the run's state in this process
 * @param slot when its call may begin; null if it has to ask for a slot, or needs none
 */
record Run(Work work, JsonNode body, RunRef ref, ActiveRun active, Slot slot) {
    UUID job() {
        return work.id();
    }

    /** How long it is until the slot of its call, in nanoseconds; 0 if that has come, or it has none. */
    long untilSlot() {
        return slot == null ? 0 : slot.ahead();
    }

    String code() {
        return work.code();
    }
}
