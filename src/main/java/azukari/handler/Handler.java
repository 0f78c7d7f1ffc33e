package azukari.handler;

/**
 * Does the work of an event type. A CDI bean with a name ({@code @Named}), which the event type's document gives as
 * {@code handler: {bean: name}}.
 *
 * <p>A handler is called at least once for each job, and again after a crash: pass {@link RunContext#jobId()} to the
 * outside as its idempotency key. No transaction is open while it runs. It may be called by many threads at once.
 *
 * @param <B> the body: a record or class that the JSON body is mapped to, or Jackson's {@code JsonNode}
 */
public interface Handler<B> {

    /**
     * Does the work.
     *
     * @param body the event's body, valid by the event type's schema
     * @param run this run
     * @return how it ended, never null
     * @throws PermanentFailureException when it makes no sense to try again
     * @throws InterruptedException when the run was asked to stop
     * @throws Exception anything else: to be tried again, by the event type's retry policy
     */
    Outcome handle(B body, RunContext run) throws Exception;

    /**
     * Tells whether the effect of an earlier run, which was cut off, happened. Asked before {@link #handle} when the event
     * type says {@code onCrash: probe}.
     *
     * @return {@link Probe#notHappened()} to run again, {@link Probe#happened} with the outcome to end the job, or
     *     {@link Probe#unknown()} to leave it to an operator
     */
    default Probe probe(B body, RunContext run) throws Exception {
        return Probe.unknown();
    }
}
