package azukari.launcher;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;

/**
 * Stands between Grizzly's reader of requests and Payara, which answers a request with an empty or half a {@code Host}
 * itself, with 200 and nothing, and which cuts off what it is answering when it is stopped.
 */
final class HttpDoor extends BaseFilter {
    static final HttpDoor INSTANCE = new HttpDoor();

    private static final Logger LOG = System.getLogger(HttpDoor.class.getName());

    /** How long nothing may have been asked before connections are cut: those that are kept may be in use. */
    private static final Duration QUIET = Duration.ofMillis(200);

    /** Malformed for the application too, which answers as to any other that is. */
    private static final String MALFORMED = "@";

    private final Set<Transport> transports = new HashSet<>();
    private final Set<Connection<?>> answering = new HashSet<>();
    private boolean closing;
    private long lastAnswered = System.nanoTime();

    private HttpDoor() {}

    /** Stands in this transport from now on. */
    synchronized void guard(Transport transport) {
        if (transports.add(transport)) {
            FilterChain chain = (FilterChain) transport.getProcessor();
            chain.add(chain.indexOfType(HttpServerFilter.class) + 1, this);
            new StalledWrites().watch(transport);
        }
    }

    /**
     * Takes no more connections, makes each answer the last one on its connection, and returns once everything that was
     * asked has been answered.
     *
     * @param longest for how long it waits at most
     */
    void close(Duration longest) {
        for (Transport transport : guarded()) {
            ((TCPNIOTransport) transport).unbindAll();
        }
        // Only now: who has to connect again before that may be reset in the queue of a socket that is being closed.
        synchronized (this) {
            closing = true;
        }
        long begin = System.nanoTime();
        try {
            if (!awaitQuiet(begin, longest)) {
                LOG.log(Level.WARNING, "some requests were not answered within {0} ms", longest.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Set<Transport> guarded() {
        return Set.copyOf(transports);
    }

    private synchronized boolean awaitQuiet(long begin, Duration longest) throws InterruptedException {
        while (true) {
            long now = System.nanoTime();
            long quiet = QUIET.toNanos() - (now - Math.max(begin, lastAnswered));
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

    @Override
    public NextAction handleRead(FilterChainContext context) {
        if (context.getMessage() instanceof HttpContent content
                && content.getHttpHeader() instanceof HttpRequestPacket request
                && !request.getResponse().isCommitted()) {
            take(context.getConnection(), request);
            String host = request.getHeader(Header.Host);
            if (host != null && isHalf(host.strip())) {
                request.setHeader(Header.Host, MALFORMED);
            }
        }
        return context.getInvokeAction();
    }

    private static boolean isHalf(String host) {
        return host.isEmpty()
                || host.startsWith(":")
                || (!host.startsWith("[") && host.indexOf(':') != host.lastIndexOf(':'));
    }

    private synchronized void take(Connection<?> connection, HttpRequestPacket request) {
        answering.add(connection);
        if (closing) {
            request.getProcessingState().setKeepAlive(false);
        }
    }

    @Override
    public NextAction handleWrite(FilterChainContext context) {
        if (context.getMessage() instanceof HttpContent content
                && content.getHttpHeader() instanceof HttpResponsePacket response) {
            answer(context.getConnection(), response, content.isLast());
        }
        return context.getInvokeAction();
    }

    private synchronized void answer(Connection<?> connection, HttpResponsePacket response, boolean last) {
        if (closing && !response.isCommitted()) {
            response.getProcessingState().setKeepAlive(false);
        }
        if (last) {
            ended(connection);
        }
    }

    @Override
    public NextAction handleClose(FilterChainContext context) throws IOException {
        synchronized (this) {
            ended(context.getConnection());
        }
        return context.getInvokeAction();
    }

    private void ended(Connection<?> connection) {
        if (answering.remove(connection)) {
            lastAnswered = System.nanoTime();
            notifyAll();
        }
    }
}
