package azukari.watch;

import java.util.List;

/** One follower and how far it has come. Only the reading thread moves it. */
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

    /** Ends it; the follower is not called any more. */
    public void cancel() {
        all.forget(this);
    }

    /** Says that the follower is ready again after it took no more. */
    public void goOn() {
        all.wake();
    }

    /** Null for all submitters. */
    String submitter() {
        return submitter;
    }

    Follower follower() {
        return follower;
    }

    /** The place up to which it has all that is for it. */
    long cursor() {
        return cursor;
    }

    /** Gives it what it does not have yet of these, which are all for it up to a place. */
    void give(List<FeedItem> items, long upTo) {
        if (takes(items)) {
            cursor = Math.max(cursor, upTo);
        }
        follower.pageIsOver();
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
