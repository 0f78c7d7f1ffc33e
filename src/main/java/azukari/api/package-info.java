/**
 * The REST interface: resources, documents, problem details.
 *
 * <p>Belongs here: HTTP. A resource unwraps, delegates and answers. Does not belong here: anything that would also be needed if
 * events arrived by another protocol.
 */
package azukari.api;
