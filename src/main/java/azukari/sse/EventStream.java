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
 * One client's stream of server-sent events (HTML standard, section 9.2). Writing never blocks: events that the client
 * is not ready for stay with the {@link Source}, which buffers little.
 */
public final class EventStream implements WriteListener, AsyncListener {
    /** The media type of an event stream. */
    public static final String MEDIA_TYPE = "text/event-stream";

    /**
     * Supplies the events. Called under the stream's lock unless stated otherwise: must be quick and must not call
     * back.
     */
    public interface Source {
        /** The next text to write; null if there is none at the moment. */
        byte[] next();

        /** Whether there will be no more events once {@link #next} returns null. */
        boolean isAtEnd();

        /** Called outside the lock when everything available has been written. */
        void drained();

        /** Called once, when the client has gone or the stream has ended. */
        void closed();
    }

    /** Sets the delay after which a client reconnects. */
    private static final byte[] OPENING = bytes("retry: 2000\n\n");

    /** Writes in chunks, so that the progress of a slow client is visible. */
    private static final int CHUNK_SIZE = 16 * 1024;

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
        response.setHeader("X-Accel-Buffering", "no"); // keeps nginx from buffering events
        context = request.startAsync(request, response);
        context.setTimeout(0);
        context.addListener(this);
        out = response.getOutputStream();
    }

    /** Starts the stream. */
    static EventStream open(HttpServletRequest request, HttpServletResponse response, Source source)
            throws IOException {
        EventStream stream = new EventStream(request, response, source);
        stream.out.setWriteListener(stream);
        return stream;
    }

    /** Encodes a text for the wire. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Formats one event; its data must be one line, such as the JSON written here. */
    public static byte[] event(String id, String name, String data) {
        return bytes("id: " + id + "\nevent: " + name + "\ndata: " + data + "\n\n");
    }

    /** Writes as much of the available events as the client accepts. */
    public void pump() {
        boolean drained = false;
        boolean closed = false;
        synchronized (this) {
            if (open && listening) {
                try {
                    drained = write();
                    closed = drained && source.isAtEnd();
                } catch (IOException | RuntimeException e) {
                    closed = true; // The client has disconnected; containers report that by various exceptions.
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

    /** Returns whether everything available has been written. */
    private boolean write() throws IOException {
        while (out.isReady()) {
            if (text != null || hasNext()) {
                int length = Math.min(CHUNK_SIZE, text.length - written);
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

    /** Sends a comment on an idle stream, so that a client that has disconnected is noticed. */
    void beat() {
        synchronized (this) {
            beatDue = true;
        }
        pump();
    }

    /** How long nothing has been written; given regular beats, how long the client has accepted nothing. */
    Duration silence(long now) {
        return Duration.ofNanos(now - wrote);
    }

    synchronized boolean isOpen() {
        return open;
    }

    /** Closes the stream and drops anything unwritten. */
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
            // The container has already completed it.
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
        // Asynchronous processing is never restarted.
    }
}
