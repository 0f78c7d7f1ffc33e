/**
 * Limits: what jobs share (a channel, a channel's share for one key, a lock key), who waits for it and who holds it, and the
 * arithmetic of slots.
 *
 * <p>Belongs here: the tables of channels, capacities and permits, and how much room there is. Does not belong here: putting a
 * job on the wire once it has what it needs ({@code intake}).
 */
package azukari.limit;
