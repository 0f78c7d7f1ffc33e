/**
 * Keeps the table consistent with reality when something dies: takes back abandoned runs, resends what a broker lost,
 * and deletes what ended long ago.
 *
 * <p>Belongs here: what is taken back, and by whom. Does not belong here: deciding that a node is dead ({@code node});
 * how a run that was cut off ends, which is the same finish as any other ({@code dispatch}).
 */
package azukari.recovery;
