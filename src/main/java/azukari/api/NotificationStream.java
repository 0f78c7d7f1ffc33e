package azukari.api;

import azukari.notify.Notification;
import azukari.platform.Json;
import azukari.sse.EventStream;
import azukari.watch.FeedItem;
import azukari.watch.Follower;
import azukari.watch.Following;
import java.util.ArrayDeque;
import java.util.Deque;

/** Notifications as server-sent events, each with its cursor as id. A slow client gets more only once it has caught up. */
final class NotificationStream implements Follower, EventStream.Source {
    private static final int MAX_BYTES = 64 * 1024;

    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int bytes;
    private boolean refused;
    private boolean ended;
    private boolean closed;
    private EventStream stream;
    private Following following;

    void writeTo(EventStream to) {
        synchronized (this) {
            stream = to;
        }
    }

    void following(Following by) {
        synchronized (this) {
            following = by;
            if (!closed) {
                return;
            }
        }
        by.cancel();
    }

    @Override
    public synchronized boolean take(FeedItem item) {
        if (bytes >= MAX_BYTES) {
            refused = true;
            return false;
        }
        byte[] text = item.text(NotificationStream::event);
        waiting.add(text);
        bytes += text.length;
        return true;
    }

    private static byte[] event(Notification notification) {
        return EventStream.event(
                Cursor.of(notification.place()), "notification", Json.write(NotificationDocument.of(notification)));
    }

    @Override
    public void pageEnded() {
        pump();
    }

    @Override
    public synchronized boolean isReady() {
        return waiting.isEmpty();
    }

    @Override
    public void over() {
        synchronized (this) {
            ended = true;
        }
        pump();
    }

    private void pump() {
        EventStream to;
        synchronized (this) {
            to = stream;
        }
        if (to != null) {
            to.pump();
        }
    }

    @Override
    public synchronized byte[] next() {
        byte[] text = waiting.poll();
        bytes -= text == null ? 0 : text.length;
        return text;
    }

    @Override
    public synchronized boolean isAtEnd() {
        return ended;
    }

    @Override
    public void drained() {
        Following more;
        synchronized (this) {
            more = refused ? following : null;
            refused = false;
        }
        if (more != null) {
            more.resume();
        }
    }

    @Override
    public void closed() {
        Following by;
        synchronized (this) {
            closed = true;
            by = following;
        }
        if (by != null) {
            by.cancel();
        }
    }
}
