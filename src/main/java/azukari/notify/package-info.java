/**
 * Notifies submitters of how their jobs ended: a feed in commit order.
 *
 * <p>Belongs here: notifications and how they are delivered. Does not belong here: deciding when one is due, which is
 * up to an event type's chain.
 */
package azukari.notify;
