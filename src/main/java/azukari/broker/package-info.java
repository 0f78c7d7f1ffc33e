/**
 * Queries and operations on the broker itself: whether it answers, which one it is, the state of its queues, what was
 * put aside, and pausing a queue as a whole; and the hints that nodes give each other through it.
 *
 * <p>Belongs here: health, the broker's mark, depths, pause, dead letters, signals that may be lost. Does not belong
 * here: jobs' messages in transit ({@code outbox}, {@code dispatch}), what follows when the broker is a different one
 * ({@code recovery}).
 */
package azukari.broker;
