/**
 * From the outbox's rows to the broker: the relay sends what was just committed, the sweeper sends what was not
 * relayed.
 *
 * <p>Belongs here: the format of messages, and everything that sends a job's message. Does not belong here: receiving
 * (that is {@code dispatch}), querying the state of the broker ({@code broker}).
 */
package azukari.outbox;
