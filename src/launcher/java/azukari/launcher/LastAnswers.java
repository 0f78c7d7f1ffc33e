package azukari.launcher;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;

/** Knows which requests have no answer yet, and makes each answer the last of its connection once the server is to stop. */
final class LastAnswers {
    /** How long nothing may have been asked before connections are cut: those that are kept may be in use. */
    private static final Duration QUIET = Duration.ofMillis(200);

    private final Set<Connection<?>> answering = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;
    private long lastAnswered;

    /** A request has come. */
    void asked(Connection<?> connection, HttpRequestPacket request) {
        answering.add(connection);
        if (closing) {
            request.getProcessingState().setKeepAlive(false);
        }
    }

    /** A part of its answer is about to be written. */
    void answered(Connection<?> connection, HttpResponsePacket response, boolean last) {
        if (closing && !response.isCommitted()) {
            response.getProcessingState().setKeepAlive(false);
        }
        if (last) {
            ended(connection);
        }
    }

    /** There will be no answer, or it is complete. */
    void ended(Connection<?> connection) {
        if (answering.remove(connection) && closing) {
            synchronized (this) {
                lastAnswered = System.nanoTime();
                notifyAll();
            }
        }
    }

    /**
     * Makes each answer from now on the last one on its connection, and returns once everything that was asked has been
     * answered.
     *
     * @param longest for how long it waits at most
     * @return whether everything was answered
     */
    synchronized boolean await(Duration longest) throws InterruptedException {
        long begin = System.nanoTime();
        lastAnswered = begin;
        closing = true;
        while (true) {
            long now = System.nanoTime();
            long quiet = QUIET.toNanos() - (now - lastAnswered);
            if (answering.isEmpty() && quiet <= 0) {
                return true;
            }
            long left = longest.toNanos() - (now - begin);
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, answering.isEmpty() ? Math.min(left, quiet) : left);
        }
    }
}
