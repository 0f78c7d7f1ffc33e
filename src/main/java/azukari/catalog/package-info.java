/**
 * The catalogue: event types as documents. Reads the bundled ones and those in the deployer's folder, refuses whatever is
 * invalid or undocumented, and provides event types and the validation of bodies.
 *
 * <p>Belongs here: the format of an event type's document and everything that follows from documents alone. Does not belong
 * here: jobs, handler code (whether a bean of that name exists is checked in {@code handler}), HTTP. The entry point is
 * {@link azukari.catalog.CatalogLoader}; once loaded, nothing here changes.
 */
package azukari.catalog;
