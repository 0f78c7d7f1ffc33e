/**
 * The handlers of the event types that come with Azukari.
 *
 * <p>Belongs here: what is useful to everybody, or shows how a handler is written. Does not belong here: a team's own work;
 * that comes in the team's own WAR overlay.
 */
package azukari.handler.bundled;
