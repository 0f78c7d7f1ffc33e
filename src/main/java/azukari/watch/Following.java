package azukari.watch;

import java.util.List;

/** One follower and its position in the feed, which only the reading thread changes. */
public final class Following {
    private final FeedWatch all;
    private final String submitter;
    private final Follower follower;
    private long cursor;

    Following(FeedWatch all, String submitter, long after, Follower follower) {
        this.all = all;
        this.submitter = submitter;
        this.cursor = after;
        this.follower = follower;
    }

    /** Ends the following; the follower is not called again. */
    public void cancel() {
        all.forget(this);
    }

    /** Signals that the follower is ready again after having refused an item. */
    public void resume() {
        all.wake();
    }

    /** Null for all submitters. */
    String submitter() {
        return submitter;
    }

    Follower follower() {
        return follower;
    }

    /** The place up to which the follower has received everything meant for it. */
    long cursor() {
        return cursor;
    }

    /** Passes on the items that the follower does not have yet; they cover everything up to the given place. */
    void give(List<FeedItem> items, long upTo) {
        if (takes(items)) {
            cursor = Math.max(cursor, upTo);
        }
        follower.pageEnded();
    }

    private boolean takes(List<FeedItem> items) {
        for (FeedItem item : items) {
            if (item.place() > cursor && (submitter == null || submitter.equals(item.submitter()))) {
                if (!follower.take(item)) {
                    return false;
                }
                cursor = item.place();
            }
        }
        return true;
    }
}
