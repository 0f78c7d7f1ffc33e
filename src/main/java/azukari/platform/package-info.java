/**
 * What every other package stands on: clock, settings, ids, JSON, transactions and the gate through which units of work
 * reach the database.
 *
 * <p>Belongs here: what knows nothing of jobs. Does not belong here: anything that names a job, an event type or a queue.
 * The only place that may read the machine's clock.
 */
package azukari.platform;
