/**
 * The handler that needs no code: calls an HTTP target that the event type's document names.
 *
 * <p>Belongs here: the request, and what the answer's status means. Does not belong here: retrying, which is the same for
 * every handler ({@code dispatch}).
 */
package azukari.handler.http;
