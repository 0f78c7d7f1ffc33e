/**
 * What is asked of the broker itself, whether it answers; and the hints that nodes give each other over it.
 *
 * <p>Belongs here: health, whatever else is asked about queues rather than sent through them, signals that may be lost. Does
 * not belong here: jobs' messages ({@code outbox}, {@code dispatch}).
 */
package azukari.broker;
