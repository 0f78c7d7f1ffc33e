/**
 * Server-sent events: streams that never block their writers, and what keeps them alive. Shared by everything that
 * streams to a browser or another client.
 *
 * <p>Belongs here: the protocol and the open streams. Does not belong here: what is streamed ({@code api}).
 */
package azukari.sse;
