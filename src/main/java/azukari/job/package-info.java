/**
 * The job: its states and the single table of transitions, its row, its ledger of runs, and the statements on both.
 *
 * <p>Belongs here: what must hold for a job wherever it came from and whichever node runs it. Does not belong here:
 * event types (they are documents, in {@code catalog}), messages ({@code outbox}), handlers.
 */
package azukari.job;
