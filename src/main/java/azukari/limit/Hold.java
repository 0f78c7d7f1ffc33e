package azukari.limit;

import java.util.UUID;

/**
 * A capacity that a job needs for its calls, read without a lock.
 *
 * @param channel the capacity's channel; null for a lock
 * @param held whether the job has it; a lock counts as held, since it is not taken for a call
 * @param paused whether the channel was paused
 * @param paced whether calls had a pace there
 */
record Hold(UUID job, UUID capacity, String channel, boolean held, boolean paused, boolean paced) {}
