package azukari.handler;

import java.time.Instant;
import java.util.UUID;

/** Describes the current run to its handler. Safe to use from any thread while the handler runs. */
public interface RunContext {

    /** The job's id, the same in every run: the idempotency key for external systems. */
    UUID jobId();

    /** The run's number, starting at 1; never reused. */
    int run();

    /** The number of this attempt, from 1 to {@link #maxAttempts()}. Interrupted and snoozed runs do not count. */
    int attempt();

    int maxAttempts();

    /** Who submitted the event. */
    String submitter();

    /** The client's request id for the event; null if it gave none. */
    String requestId();

    /** The first job of the chain; this job itself if a client posted it. */
    UUID root();

    /** The job that emitted this one; null if a client posted it. */
    UUID parent();

    /** When this run will be asked to stop. */
    Instant deadline();

    /**
     * Whether the run has been asked to stop (timeout, cancellation, shutdown); its thread is interrupted as well. The job stays
     * with this run until the handler returns.
     */
    boolean cancelled();

    /**
     * A channel of this event type, for calls beyond the first one.
     *
     * @param name as the event type's document names it
     * @throws IllegalArgumentException if the document does not name it
     */
    CallChannel channel(String name);

    /**
     * Waits for a slot of all the run's channels, where nothing is left to be done but to call the outside. HTTP targets do it for
     * each of their calls; a bean's first call has its slot when the bean is called. Returns at once if no channel limits the run; throws
     * an unchecked exception, which is to be let through, if the next slot is too far away: then the job goes back to the line.
     *
     * @throws InterruptedException if the run was asked to stop
     */
    default void awaitSlot() throws InterruptedException {}

    /**
     * Tells that the outside, although it took this call, is not to be called again before a time: no call begins in the channels that
     * this run went through, on any node, until then (an hour at most).
     *
     * @param time not null; the past means nothing
     */
    default void noCallsBefore(Instant time) {}

    /**
     * Reports progress. Cheap: only the latest value is stored, at most a few times a second.
     *
     * @param percent 0 to 100
     * @param message for people, up to 500 characters; null for none
     * @throws IllegalArgumentException if percent is out of range
     */
    void progress(int percent, String message);
}
