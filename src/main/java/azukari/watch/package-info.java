/**
 * Who waits for which job, and who follows the feed: one look at the database for all of them, and hints that make it come
 * sooner.
 *
 * <p>Belongs here: everything about waiting that is not HTTP. Does not belong here: what a waiting client is answered
 * ({@code api}), the changes themselves ({@code dispatch}), the feed's order ({@code notify}).
 */
package azukari.watch;
