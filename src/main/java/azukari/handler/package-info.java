/**
 * What handlers are: the interface that a team implements, what a run is told about itself, and the outcomes that there
 * are.
 *
 * <p>Belongs here: the public surface for handler authors, and the registry that finds their beans. Does not belong here:
 * claiming, retrying and finishing, which handlers know nothing of ({@code dispatch}).
 */
package azukari.handler;
