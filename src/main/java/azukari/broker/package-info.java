/**
 * What is asked of the broker itself: whether it answers.
 *
 * <p>Belongs here: health, and whatever else is asked about queues rather than sent through them. Does not belong here: jobs'
 * messages ({@code outbox}, {@code dispatch}).
 */
package azukari.broker;
