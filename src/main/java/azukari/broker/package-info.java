/**
 * What is asked of the broker itself: whether it answers, which one it is, how its queues are, what was put aside; what is
 * asked of it about a queue as a whole: to pause; and the hints that nodes give each other over it.
 *
 * <p>Belongs here: health, the broker's mark, depths, pause, dead letters, signals that may be lost. Does not belong here:
 * jobs' messages on their way ({@code outbox}, {@code dispatch}), what follows from a broker that is another one
 * ({@code recovery}).
 */
package azukari.broker;
