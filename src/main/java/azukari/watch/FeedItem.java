package azukari.watch;

import azukari.notify.Notification;
import java.util.function.Function;

/** A notification on its way to its followers; written once for all of them. Used on one thread. */
public final class FeedItem {
    private final Notification notification;
    private byte[] text;

    FeedItem(Notification notification) {
        this.notification = notification;
    }

    long place() {
        return notification.place();
    }

    String submitter() {
        return notification.submitter();
    }

    /** The text as the first who asked wrote it. */
    public byte[] text(Function<Notification, byte[]> writer) {
        if (text == null) {
            text = writer.apply(notification);
        }
        return text;
    }
}
