/**
 * Starts and stops the server: one JVM with the message broker in front and Payara Micro behind it.
 *
 * <p>Belongs here: what has to happen before the WAR exists and after it is gone, that is, reading the settings that
 * concern how the server is reached, the lock on the data folder, the embedded broker, the order of a stop. Nothing
 * here knows events or jobs, and none of it is in the WAR; on another server, that server's own startup takes its
 * place.
 */
package azukari.launcher;
