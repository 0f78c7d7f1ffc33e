/**
 * Handlers: the interface that a team implements, the context that a run receives, and its possible outcomes.
 *
 * <p>Belongs here: the public API for handler authors, and the registry that finds their beans. Does not belong here:
 * claiming, retrying and finishing, which are invisible to handlers ({@code dispatch}).
 */
package azukari.handler;
