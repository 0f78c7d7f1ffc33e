package azukari.handler;

import java.time.Instant;
import java.util.UUID;

/** What a run knows of itself. Safe to use from any thread while the handler runs. */
public interface RunContext {

    /** The job's id, the same in every run: the idempotency key for the outside. */
    UUID jobId();

    /** The run's number, from 1; never used again. */
    int run();

    /** Which of the {@link #maxAttempts()} this is, from 1. Runs that were cut off, or snoozed, are not counted. */
    int attempt();

    int maxAttempts();

    /** Who submitted the event. */
    String submitter();

    /** The client's own name for the event; null when it gave none. */
    String requestId();

    /** The first job of the chain; this job's own id when it was posted. */
    UUID root();

    /** The job that emitted this one; null when it was posted. */
    UUID parent();

    /** When this run will be asked to stop. */
    Instant deadline();

    /**
     * Whether the run is asked to stop (time-out, cancel, shutdown); its thread is interrupted as well. Nothing is taken from it
     * until it returns.
     */
    boolean cancelled();

    /**
     * Shows how far the work is. Cheap: the newest value is stored a few times a second at the most.
     *
     * @param percent 0 to 100
     * @param message for people, up to 500 characters; null for none
     * @throws IllegalArgumentException when percent is out of range
     */
    void progress(int percent, String message);
}
