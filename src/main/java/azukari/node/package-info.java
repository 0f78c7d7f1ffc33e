/**
 * This node: its start and its stop, its identity, its beat, and what it makes of the beats of others.
 *
 * <p>Belongs here: who lives and who is dead, and the order in which the parts of a node start and stop. Does not belong
 * here: who takes back what a dead node ran ({@code recovery}).
 */
package azukari.node;
