package azukari.watch;

/** Somebody who follows the feed of notifications. Called on the thread that reads for all followers: never blocks. */
public interface Follower {
    /** Takes the next item; false when it has enough to do with what it has, and wants this one again later. */
    boolean take(FeedItem item);

    /** Says that no more comes just now. */
    void pageIsOver();

    /** Whether it would take an item now. */
    boolean isReady();

    /** Called once when the node stops. */
    void over();
}
