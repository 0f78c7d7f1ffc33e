/**
 * The built-in handler that calls the HTTP target named in an event type's document.
 *
 * <p>Belongs here: the request, and the meaning of the response's status. Does not belong here: retrying, which works the same
 * for every handler ({@code dispatch}).
 */
package azukari.handler.http;
