/**
 * From a message to a committed outcome: the lanes' beans, claim, run, finish; and the same finish for runs that were cut
 * off, jobs that expired and times that came.
 *
 * <p>Belongs here: every exit from QUEUED and RUNNING, and its rehearsal without a store, for the test kit. Does not
 * belong here: the decision that a node is dead ({@code recovery}), what a handler does ({@code handler}).
 */
package azukari.dispatch;
