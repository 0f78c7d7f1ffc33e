/**
 * What every other package builds on: clock, settings, ids, JSON, threads, telemetry.
 *
 * <p>Belongs here: what knows nothing about jobs and touches neither the database nor the broker. Does not belong here:
 * anything that names a job, an event type or a queue. The only package that may read the machine's clock.
 */
package azukari.platform;
