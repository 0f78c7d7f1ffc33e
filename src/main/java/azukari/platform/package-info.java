/**
 * What every other package stands on: clock, settings, ids, JSON, threads, telemetry.
 *
 * <p>Belongs here: what knows nothing of jobs and touches neither database nor broker. Does not belong here: anything that
 * names a job, an event type or a queue. The only package that may read the machine's clock.
 */
package azukari.platform;
