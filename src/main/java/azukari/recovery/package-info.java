/**
 * What keeps the table and the world in step when something dies: runs that nobody runs any more are taken back, what a
 * broker lost is sent again, what ended long ago is deleted.
 *
 * <p>Belongs here: who takes what back. Does not belong here: the decision that a node is dead ({@code node}), how a
 * cut-off run ends, which is the same finish as any other ({@code dispatch}).
 */
package azukari.recovery;
