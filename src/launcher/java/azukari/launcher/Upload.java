package azukari.launcher;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.memory.Buffers;

/**
 * One body on its way here. Whatever comes first, its last part, a refusal or the end of its connection, decides; of a
 * refused one the rest is read and dropped, so that the answer reaches the client.
 */
final class Upload {
    private final Connection<?> connection;
    private final HttpRequestPacket request;
    private final AtomicLong held;
    private ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private State state = State.OPEN;
    private long since = System.nanoTime();

    private enum State {
        OPEN,
        REFUSED,
        ENDED
    }

    /** @param held counts the bytes that are kept for all requests */
    Upload(Connection<?> connection, HttpRequestPacket request, AtomicLong held) {
        this.connection = connection;
        this.request = request;
        this.held = held;
    }

    /**
     * Keeps a copy: a part of a buffer of the server's would keep all of that.
     *
     * @return the length of what has been collected, in bytes
     */
    synchronized int add(Buffer part) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        if (state == State.OPEN) {
            collected.writeBytes(bytes);
            held.addAndGet(bytes.length);
        }
        return collected.size();
    }

    /** Ends it; null if it was refused or has ended, otherwise what has come, which stays counted. */
    synchronized Buffer complete() {
        byte[] body = collected.toByteArray();
        return moveTo(State.ENDED) ? Buffers.wrap(connection.getMemoryManager(), body) : null;
    }

    /** Answers, if it is still open. */
    synchronized void refuse(Refusal refusal) {
        int size = collected.size();
        if (moveTo(State.REFUSED)) {
            held.addAndGet(-size);
            refusal.send(connection, request);
        }
    }

    /** Its connection has ended. */
    synchronized void forget() {
        int size = collected.size();
        if (moveTo(State.ENDED)) {
            held.addAndGet(-size);
        }
    }

    private boolean moveTo(State next) {
        boolean first = state == State.OPEN;
        if (first) {
            collected = new ByteArrayOutputStream();
            state = next;
            since = System.nanoTime();
        }
        return first;
    }

    synchronized boolean isOpenFor(Duration longest) {
        return state == State.OPEN && System.nanoTime() - since > longest.toNanos();
    }

    synchronized boolean isRefusedFor(Duration longest) {
        return state == State.REFUSED && System.nanoTime() - since > longest.toNanos();
    }
}
