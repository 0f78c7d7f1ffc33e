package azukari.handler;

/** A channel through which a run may make further calls. */
@FunctionalInterface
public interface CallChannel {
    /**
     * Waits until a call may begin, and counts it; make the call right after that. The run's first call has been counted when the
     * handler is called. If there is no slot before the run's time-out, the job is postponed without using up an attempt: let
     * what is thrown pass.
     *
     * @throws InterruptedException if the run is asked to stop
     */
    void acquire() throws InterruptedException;
}
