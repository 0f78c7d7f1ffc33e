/**
 * Telling submitters how their jobs ended: the inbox, as a feed in commit order.
 *
 * <p>Belongs here: notifications and the ways they reach somebody. Does not belong here: the decision that one is due; that
 * is an event type's chain.
 */
package azukari.notify;
