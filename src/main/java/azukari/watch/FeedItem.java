package azukari.watch;

import azukari.notify.Notification;
import java.util.function.Function;

/** A notification on its way to its followers; rendered once for all of them. Confined to one thread. */
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

    /** The text, as rendered by the writer of the first call. */
    public byte[] text(Function<Notification, byte[]> writer) {
        if (text == null) {
            text = writer.apply(notification);
        }
        return text;
    }
}
