package azukari.launcher;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.FilterChainEvent;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpEvents;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.http.util.HttpStatus;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;

/**
 * Stands between Grizzly's reader of requests and Payara. Requests are read on the threads that wait for the network, and
 * a whole one goes to a thread of Payara's pool; a question about the server's health to one that is kept for it, so that
 * it is answered while all others are waiting. Payara answers a request with an empty or half a {@code Host} itself, with
 * 200 and nothing, and cuts off what it is answering when it is stopped: not here.
 */
final class HttpDoor extends BaseFilter {
    static final HttpDoor INSTANCE = new HttpDoor();

    private static final Logger LOG = System.getLogger(HttpDoor.class.getName());

    private static final String HEALTH = "/api/health";
    private static final int HEALTH_THREADS = 2;

    /** Malformed for the application too, which answers as to any other that is. */
    private static final String MALFORMED = "@";

    private static final Refusal TOO_BUSY = new Refusal(
            HttpStatus.SERVICE_UNAVAILABLE_503,
            "unavailable",
            "Service unavailable",
            "too many requests are waiting; repeat the request with the same requestId");

    private final Set<Transport> transports = new HashSet<>();
    private final LastAnswers answers = new LastAnswers();
    private final Uploads uploads = new Uploads();
    private final StalledWrites writes = new StalledWrites();
    private final Executor health = Executors.newFixedThreadPool(HEALTH_THREADS, daemons("azukari-health"));

    private HttpDoor() {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(daemons("azukari-http-door"));
        every(1, clock, uploads::look);
        every(5, clock, writes::look);
    }

    private static void every(int seconds, ScheduledExecutorService clock, Runnable look) {
        ScheduledFuture<?> unused = clock.scheduleWithFixedDelay(() -> look(look), seconds, seconds, TimeUnit.SECONDS);
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** A look that throws must not be the last one. */
    @SuppressWarnings("PMD.AvoidCatchingThrowable")
    private static void look(Runnable look) {
        try {
            look.run();
        } catch (Throwable e) {
            LOG.log(Level.WARNING, "slow clients could not be looked after", e);
        }
    }

    /** @param bytes the longest body that the application takes */
    void limitBodies(long bytes) {
        uploads.limit(bytes);
    }

    /** Stands in this transport from now on. */
    synchronized void guard(Transport transport) {
        if (transports.add(transport)) {
            FilterChain chain = (FilterChain) transport.getProcessor();
            chain.add(chain.indexOfType(HttpServerFilter.class) + 1, this);
            writes.watch(transport);
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
        try {
            // Only now: who has to connect again before that may be reset in the queue of a socket that is being
            // closed.
            if (!answers.await(longest)) {
                LOG.log(Level.WARNING, "some requests were not answered within {0} ms", longest.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Set<Transport> guarded() {
        return Set.copyOf(transports);
    }

    @Override
    public NextAction handleRead(FilterChainContext context) {
        if (!(context.getMessage() instanceof HttpContent part)
                || !(part.getHttpHeader() instanceof HttpRequestPacket request)
                || Uploads.isLetThrough(request)) {
            return context.getInvokeAction();
        }
        Connection<?> connection = context.getConnection();
        if (HttpContent.isBroken(part)) {
            connection.closeSilently(); // It has been answered with 400.
        }
        if (!connection.isOpen()) {
            return context.getStopAction(); // Asked after an answer that was the last one.
        }
        if (!uploads.isOpen(connection)) {
            answers.asked(connection, request);
            refuseHalfHost(request);
        }
        boolean whole = uploads.collect(context, part, request);
        if (!connection.isOpen()) {
            forget(connection); // It was closed meanwhile, and that is told only once.
            return context.getStopAction();
        }
        return whole ? handOver(context, request) : context.getStopAction();
    }

    private void forget(Connection<?> connection) {
        uploads.forget(connection);
        answers.ended(connection);
    }

    /**
     * An upgrade is never made, and the request is one as any other: Grizzly would take all that follows for its body, and close
     * the connection after it.
     */
    @Override
    public NextAction handleEvent(FilterChainContext context, FilterChainEvent event) {
        if (event instanceof HttpEvents.IncomingHttpUpgradeEvent upgrade) {
            upgrade.getHttpHeader().setIgnoreContentModifiers(false);
            upgrade.getHttpHeader().getUpgradeDC().recycle();
            return context.getStopAction();
        }
        return context.getInvokeAction();
    }

    private static void refuseHalfHost(HttpRequestPacket request) {
        String host = request.getHeader(Header.Host);
        if (host != null && isHalf(host.strip())) {
            request.setHeader(Header.Host, MALFORMED);
        }
    }

    private static boolean isHalf(String host) {
        return host.isEmpty()
                || host.startsWith(":")
                || (!host.startsWith("[") && host.indexOf(':') != host.lastIndexOf(':'));
    }

    /** Goes on with a whole request on another thread. */
    private NextAction handOver(FilterChainContext context, HttpRequestPacket request) {
        Connection<?> connection = context.getConnection();
        NextAction suspended = context.getSuspendAction();
        context.suspend();
        try {
            executor(connection, request).execute(context::resumeNext);
        } catch (RejectedExecutionException e) {
            TOO_BUSY.send(connection, request);
            connection.closeSilently();
            context.resume(context.getStopAction());
        }
        return suspended;
    }

    private Executor executor(Connection<?> connection, HttpRequestPacket request) {
        return RequestPath.of(request.getRequestURI()).startsWith(HEALTH)
                ? health
                : connection.getTransport().getWorkerThreadPool();
    }

    @Override
    public NextAction handleWrite(FilterChainContext context) {
        if (context.getMessage() instanceof HttpContent part
                && part.getHttpHeader() instanceof HttpResponsePacket response) {
            answers.answered(context.getConnection(), response, part.isLast());
            if (part.isLast()) {
                uploads.answered(context.getConnection());
            }
        }
        return context.getInvokeAction();
    }

    @Override
    public NextAction handleClose(FilterChainContext context) throws IOException {
        forget(context.getConnection());
        return context.getInvokeAction();
    }
}
