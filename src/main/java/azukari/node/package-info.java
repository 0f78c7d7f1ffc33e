/**
 * This node: its start and stop, its identity, its beat, and what it concludes from the beats of others.
 *
 * <p>Belongs here: which nodes are alive and which are dead, and the order in which the parts of a node start and stop.
 * Does not belong here: taking back what a dead node ran ({@code recovery}).
 */
package azukari.node;
