/**
 * The handlers of the event types that come with Azukari.
 *
 * <p>Belongs here: handlers that are useful to everybody or show how to write one. Does not belong here: a team's own work, which
 * goes into the team's WAR overlay.
 */
package azukari.handler.bundled;
