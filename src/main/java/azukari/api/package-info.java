/**
 * The REST interface: resources, documents, problem details.
 *
 * <p>Belongs here: HTTP. A resource unwraps, delegates and answers. Does not belong here: anything that would be needed if an
 * event came another way.
 */
package azukari.api;
