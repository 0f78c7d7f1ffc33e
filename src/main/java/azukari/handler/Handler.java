package azukari.handler;

/**
 * Does the work of an event type. A named CDI bean ({@code @Named}), referenced by the event type's document as
 * {@code handler: {bean: name}}.
 *
 * <p>A handler is called at least once for each job, and again after a crash: pass {@link RunContext#jobId()} to external
 * systems as the idempotency key. No transaction is open while it runs. It may be called by several threads at once.
 *
 * @param <B> the body: a record or class that the JSON body is mapped to, or Jackson's {@code JsonNode}
 */
public interface Handler<B> {

    /**
     * Does the work.
     *
     * @param body the event's body, valid against the event type's schema
     * @param run the current run
     * @return how the run ended, never null
     * @throws PermanentFailureException if a retry is pointless
     * @throws InterruptedException if the run was asked to stop
     * @throws Exception anything else; the run is retried according to the event type's retry policy
     */
    Outcome handle(B body, RunContext run) throws Exception;

    /**
     * Determines whether an earlier, interrupted run had its effect. Called before {@link #handle} if the event type specifies
     * {@code onCrash: probe}.
     *
     * @return {@link Probe#notHappened()} to run the handler, {@link Probe#happened} with the outcome to end the job, or
     *     {@link Probe#unknown()} to leave the decision to an operator
     */
    default Probe probe(B body, RunContext run) throws Exception {
        return Probe.unknown();
    }
}
