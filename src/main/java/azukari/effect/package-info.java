/**
 * What follows a commit: a step returns its effects as a value, and one class performs them, after the commit and only
 * then, in a fixed order.
 *
 * <p>Belongs here: what is done once a change of a job is durable (its message, its counters, those who wait for it).
 * Does not belong here: what is part of the change itself; that belongs in the step's transaction.
 */
package azukari.effect;
