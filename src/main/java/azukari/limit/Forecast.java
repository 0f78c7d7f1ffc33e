package azukari.limit;

import java.time.Instant;

/**
 * What a job waits for, and about until when.
 *
 * @param name the channel's, or the lock key
 * @param paused whether the channel is paused
 * @param ahead how many jobs are to run before it
 * @param exact false if there are more than were counted
 * @param expectedStart null if it can't be told
 */
public record Forecast(String name, boolean paused, int ahead, boolean exact, Instant expectedStart) {}
