/**
 * Server-sent events: streams that never block whoever writes to them, and what keeps them alive. Shared by everything that
 * streams to a browser or a client.
 *
 * <p>Belongs here: the protocol, and the streams that are open. Does not belong here: what is streamed ({@code api}).
 */
package azukari.sse;
