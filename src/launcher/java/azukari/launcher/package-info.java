/**
 * Starts and stops the server: one JVM with the message broker in front and Payara Micro behind it.
 *
 * <p>Here belongs what has to happen before the WAR exists and after it is gone: reading the settings that concern the way
 * to the server, the lock on the data folder, the embedded broker, the order of a stop. Nothing here knows events or jobs,
 * and nothing of it is in the WAR; on another server that server's own start takes its place.
 */
package azukari.launcher;
