/**
 * The catalogue: event types as documents. Reads the bundled ones and those of the deployer's folder, refuses what is
 * invalid or undocumented, and answers what an event type is and whether a body is one of its kind.
 *
 * <p>Belongs here: the form of an event type's document and everything that can be known from documents alone. Does not
 * belong here: jobs, handlers' code (whether a bean of that name exists is the handlers' affair), HTTP. The way in is
 * {@link azukari.catalog.CatalogLoader}; once loaded, nothing here changes.
 */
package azukari.catalog;
