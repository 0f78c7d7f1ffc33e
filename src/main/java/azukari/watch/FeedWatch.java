package azukari.watch;

import azukari.broker.Hint.Kind;
import azukari.broker.Signals;
import azukari.database.Database;
import azukari.notify.Feed;
import azukari.notify.Notifications;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads the feed of notifications for all its followers on this node: the tail once for all of them, and page by page for those
 * that are behind, because they started at an earlier place or did not keep up.
 */
@Service
public class FeedWatch {
    private static final Logger LOG = System.getLogger(FeedWatch.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration ANNOUNCE_AGAIN = Duration.ofSeconds(30);
    /** Small, because notifications include their results. */
    private static final int PAGE = 50;

    private static final long UNKNOWN = -1;

    private final Database database;
    private final Threads threads;
    private final Signals signals;
    private final Set<Following> followers = ConcurrentHashMap.newKeySet();
    /** The place up to which the feed has been read for all followers; unknown while there are none. */
    private long tail = UNKNOWN;

    private long announced = System.nanoTime() - ANNOUNCE_AGAIN.toNanos();
    /** Until when another node wants to be notified of growth, by {@link System#nanoTime}. */
    private volatile long followedElsewhere = System.nanoTime();

    private volatile boolean stopped;
    private volatile Loop loop;

    @SuppressWarnings("this-escape") // Escapes last, with all fields set.
    @Inject
    public FeedWatch(Database database, Threads threads, Feed feed, Signals signals) {
        this.database = database;
        this.threads = threads;
        this.signals = signals;
        feed.onGrowth(this::grewHere);
        signals.onReceive(Kind.FEED_GREW, none -> wake());
        signals.onReceive(
                Kind.FEED_FOLLOWED,
                none -> followedElsewhere = System.nanoTime()
                        + ANNOUNCE_AGAIN.multipliedBy(5).dividedBy(2).toNanos());
    }

    public void start() {
        loop = threads.loopUntil("feed-watch", PAUSE, this::pass);
    }

    /**
     * Passes all notifications after a place to a follower, in feed order.
     *
     * @param submitter whose notifications; null for all
     * @param after the place to start after; 0 for the beginning
     */
    public Following follow(String submitter, long after, Follower follower) {
        Following following = new Following(this, submitter, after, follower);
        followers.add(following);
        if (stopped) {
            end(following);
        } else {
            wake();
        }
        return following;
    }

    /** The number of followers. */
    public int count() {
        return followers.size();
    }

    void forget(Following following) {
        followers.remove(following);
    }

    void wake() {
        Loop running = loop;
        if (running != null && !followers.isEmpty()) {
            running.wake();
        }
    }

    private void grewHere() {
        wake();
        if (followedElsewhere - System.nanoTime() > 0) {
            signals.send(Kind.FEED_GREW, "");
        }
    }

    /** Does what is due; returns the time until the next pass. */
    Duration pass() {
        if (followers.isEmpty()) {
            tail = UNKNOWN;
            return PAUSE;
        }
        announce();
        boolean more = readTail();
        for (Following following : followers) {
            if (following.cursor() < tail && following.follower().isReady()) {
                more |= catchUp(following);
            }
        }
        return more ? Duration.ZERO : PAUSE;
    }

    private void announce() {
        long now = System.nanoTime();
        if (now - announced >= ANNOUNCE_AGAIN.toNanos()) {
            announced = now;
            signals.send(Kind.FEED_FOLLOWED, "");
        }
    }

    /** Reads the tail of the feed for all followers that have kept up; returns whether there is more. */
    private boolean readTail() {
        if (tail == UNKNOWN) {
            tail = database.read(Notifications::lastPlace);
        }
        List<FeedItem> items = page(null, tail);
        if (items.isEmpty()) {
            return false;
        }
        long upTo = items.get(items.size() - 1).place();
        for (Following following : followers) {
            if (following.cursor() >= tail) {
                give(following, items, upTo);
            }
        }
        tail = upTo;
        return items.size() == PAGE;
    }

    /** Passes the next page to a follower that is behind; returns whether it is ready for another. */
    private boolean catchUp(Following following) {
        List<FeedItem> items = page(following.submitter(), following.cursor());
        boolean last = items.size() < PAGE;
        // Everything up to the tail was placed before this page was read, so a page that is not full contains all of
        // it.
        boolean given =
                give(following, items, last ? tail : items.get(items.size() - 1).place());
        return given && !last && following.follower().isReady();
    }

    /** Passes items to a follower; one that throws has seen its last, as if its client had gone. Returns whether it took them. */
    private boolean give(Following following, List<FeedItem> items, long upTo) {
        try {
            following.give(items, upTo);
            return true;
        } catch (RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "a follower of the feed failed and is given up; its client goes on from its cursor with a new one",
                    e);
            end(following);
            return false;
        }
    }

    private List<FeedItem> page(String submitter, long after) {
        return database.read(em -> Notifications.page(em, submitter, after, PAGE)).stream()
                .map(FeedItem::new)
                .toList();
    }

    private void end(Following following) {
        if (!followers.remove(following)) {
            return;
        }
        try {
            following.follower().over();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a follower of the feed failed at its end; its client notices by the silence", e);
        }
    }

    /** Ends all followings; clients continue from their cursors on another node or after the restart. */
    public void stop() {
        stopped = true;
        if (loop != null) {
            loop.close();
        }
        Collection<Following> last = new ArrayList<>(followers);
        last.forEach(this::end);
    }
}
