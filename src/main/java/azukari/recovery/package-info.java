/**
 * What keeps the table and the world in step when something dies: this node's life from start to stop, its beat, the rescue
 * of others' jobs, the comparison of its own rows with what it really runs.
 *
 * <p>Belongs here: who is dead, and who takes what back. Does not belong here: how a cut-off run ends, which is the same
 * finish as any other ({@code dispatch}).
 */
package azukari.recovery;
