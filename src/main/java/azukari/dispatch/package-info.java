/**
 * From a message to a committed outcome: the lanes' beans, claim, run, finish; and the same finish for runs that were
 * interrupted, jobs that expired, and jobs whose time has come.
 *
 * <p>Belongs here: every exit from QUEUED and RUNNING, and its rehearsal without a database, for the test kit. Does not
 * belong here: deciding that a node is dead ({@code recovery}), what a handler does ({@code handler}).
 */
package azukari.dispatch;
