package azukari.watch;

/** Follows the feed of notifications. Called on the thread that reads for all followers, so it must never block. */
public interface Follower {
    /** Takes the next item; returns false if its buffer is full and it wants this item again later. */
    boolean take(FeedItem item);

    /** Called at the end of a page: no more items follow for now. */
    void pageEnded();

    /** Whether it can take an item now. */
    boolean isReady();

    /** Called once, when the node shuts down. */
    void over();
}
