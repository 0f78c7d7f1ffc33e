/**
 * Watches on jobs and followers of the feed: one poll of the database serves all of them, and hints make it happen sooner.
 *
 * <p>Belongs here: everything about waiting that is not HTTP. Does not belong here: the response to a waiting client
 * ({@code api}), the changes themselves ({@code dispatch}), the order of the feed ({@code notify}).
 */
package azukari.watch;
