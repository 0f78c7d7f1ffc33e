package azukari.sse;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One client's stream of server-sent events (HTML standard, section 9.2), written without ever blocking: what the client
 * does not take stays with the {@link Source}, which keeps little.
 */
public final class EventStream implements WriteListener, AsyncListener {
    /** The media type of an event stream. */
    public static final String MEDIA_TYPE = "text/event-stream";

    /** Where the events come from. Called under the stream's lock: quick, and calls nobody back. */
    public interface Source {
        /** The next text to be written; null when there is nothing just now. */
        byte[] next();

        /** Whether nothing comes any more once {@link #next} is null. */
        boolean isAtEnd();

        /** Called, outside of the lock, when all that there was is written. */
        void drained();

        /** Called once, when the client is gone or all is written. */
        void closed();
    }

    /** How soon a client asks again when its stream ends early. */
    private static final byte[] OPENING = bytes("retry: 2000\n\n");

    /** In pieces, so that it is seen how far a slow client has come. */
    private static final int MOST_AT_ONCE = 16 * 1024;

    private static final byte[] BEAT = bytes(":\n\n");

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final Source source;
    private byte[] text = OPENING;
    private int written;
    private boolean unflushed;
    private boolean beatDue;
    private boolean open = true;
    private boolean listening;
    private volatile long wrote = System.nanoTime();

    private EventStream(HttpServletRequest request, HttpServletResponse response, Source source) throws IOException {
        this.source = source;
        response.setContentType(MEDIA_TYPE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no"); // nginx would keep events back
        context = request.startAsync(request, response);
        context.setTimeout(0);
        context.addListener(this);
        out = response.getOutputStream();
    }

    /** Begins to write. */
    static EventStream open(HttpServletRequest request, HttpServletResponse response, Source source)
            throws IOException {
        EventStream stream = new EventStream(request, response, source);
        stream.out.setWriteListener(stream);
        return stream;
    }

    /** A text as it goes on the wire. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One event; its data is one line, as JSON is that we write. */
    public static byte[] event(String id, String name, String data) {
        return bytes("id: " + id + "\nevent: " + name + "\ndata: " + data + "\n\n");
    }

    /** Writes what there is, as far as the client takes it. */
    public void pump() {
        boolean drained = false;
        boolean closed = false;
        synchronized (this) {
            if (open && listening) {
                try {
                    drained = write();
                    closed = drained && source.isAtEnd();
                } catch (IOException | RuntimeException e) {
                    closed = true; // The client went away; the container says so by many an exception.
                }
                open = !closed;
            }
        }
        if (closed) {
            complete();
        } else if (drained) {
            source.drained();
        }
    }

    /** Whether all that there was is written. */
    private boolean write() throws IOException {
        while (out.isReady()) {
            if (text != null || hasNext()) {
                int length = Math.min(MOST_AT_ONCE, text.length - written);
                out.write(text, written, length);
                written += length;
                text = written == text.length ? null : text;
                unflushed = true;
            } else if (unflushed) {
                unflushed = false;
                out.flush();
            } else {
                return true;
            }
            wrote = System.nanoTime();
        }
        return false;
    }

    private boolean hasNext() {
        text = source.next();
        written = 0;
        if (text == null && beatDue) {
            text = BEAT;
        }
        beatDue = false;
        return text != null;
    }

    /** Sends a comment when nothing was written for a while, so that a client that went away is noticed. */
    void beat() {
        synchronized (this) {
            beatDue = true;
        }
        pump();
    }

    /** For how long the client has been sent nothing; with a beat now and then: has taken nothing. */
    Duration silence(long now) {
        return Duration.ofNanos(now - wrote);
    }

    synchronized boolean isOpen() {
        return open;
    }

    /** Ends the stream, whatever is left of it. */
    void close() {
        boolean closed;
        synchronized (this) {
            closed = open;
            open = false;
        }
        if (closed) {
            complete();
        }
    }

    private void complete() {
        try {
            context.complete();
        } catch (IllegalStateException e) {
            // The container has ended it before us.
        }
        source.closed();
    }

    @Override
    public void onWritePossible() {
        synchronized (this) {
            listening = true;
        }
        pump();
    }

    @Override
    public void onError(Throwable failure) {
        close();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        close();
    }

    @Override
    public void onError(AsyncEvent event) {
        close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nobody starts it again.
    }
}
