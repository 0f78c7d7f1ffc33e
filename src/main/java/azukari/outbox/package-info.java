/**
 * From the outbox's rows to the broker: the relay takes what was just committed, the sweeper takes what nobody relayed.
 *
 * <p>Belongs here: the message's form and everything that sends a job's message. Does not belong here: receiving (that is
 * {@code dispatch}), asking the broker how it is ({@code broker}).
 */
package azukari.outbox;
