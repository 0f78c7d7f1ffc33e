package azukari.launcher;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.util.HttpStatus;

/**
 * Collects the bodies that do not come with their headers, so that the server sees only whole requests: a thread of its
 * pool would wait for what a client sends slowly, or never.
 */
final class Uploads {
    /** How long a client has to send a body: less than a connection may be idle, so that there is an answer. */
    static final Duration LONGEST = Duration.ofSeconds(20);

    /** How long a client has to read why its body is refused. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private static final int SHARE_OF_HEAP = 8;

    private static final Refusal TOO_SLOW = new Refusal(
            HttpStatus.REQUEST_TIMEOUT_408,
            "request-timeout",
            "Request timeout",
            "the body did not arrive within " + LONGEST.toSeconds() + " s");
    private static final Refusal TOO_MANY = new Refusal(
            HttpStatus.SERVICE_UNAVAILABLE_503,
            "unavailable",
            "Service unavailable",
            "too many large requests are being received; repeat the request with the same requestId");

    private static final String BATCHES = "/api/batches";
    /** A batch may be as long as so many events of the greatest length. */
    private static final int EVENTS_IN_A_BATCH = 16;

    /** Set on a request that was let through before its body had ended: the application refuses it without reading on. */
    private static final Attribute<Boolean> LET_THROUGH =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("azukari.let-through");

    private final Map<Connection<?>, Upload> open = new ConcurrentHashMap<>();
    /** How long the bodies are that have come and whose requests have no answer yet. */
    private final Map<Connection<?>, Integer> whole = new ConcurrentHashMap<>();

    private final AtomicLong held = new AtomicLong();
    private final long room = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
    private volatile long limit = Long.MAX_VALUE;

    /** @param bytes the longest body that the application takes ({@code AZUKARI_MAX_BODY}, which it reads itself) */
    void limit(long bytes) {
        limit = bytes;
    }

    private long limit(HttpRequestPacket request) {
        return RequestPath.of(request.getRequestURI()).startsWith(BATCHES) ? limit * EVENTS_IN_A_BATCH : limit;
    }

    /** Whether a part of a request has been kept on this connection, and the rest is awaited. */
    boolean isOpen(Connection<?> connection) {
        return open.containsKey(connection);
    }

    /** Whether the request has been let through, and reads its body itself. */
    static boolean isLetThrough(HttpRequestPacket request) {
        return LET_THROUGH.isSet(request);
    }

    /**
     * Keeps a part of a request.
     *
     * @return whether the request can go on; the context's message holds all of the body then
     */
    boolean collect(FilterChainContext context, HttpContent part, HttpRequestPacket request) {
        Connection<?> connection = context.getConnection();
        Upload upload = open.get(connection);
        if (upload == null) {
            if (part.isLast()) {
                return true;
            }
            if (request.getTransferEncoding() == null) {
                LET_THROUGH.set(request, true); // CONNECT, say: nothing tells where a body would end.
                return true;
            }
            if (request.getContentLength() > limit(request)) {
                request.getResponse().acknowledged(); // Nobody is to be asked to send it.
                LET_THROUGH.set(request, true);
                return true;
            }
            upload = new Upload(connection, request, held);
            open.put(connection, upload);
            if (request.requiresAcknowledgement()) {
                acknowledge(context, request.getResponse());
            }
        }
        return collect(context, upload, part, request);
    }

    private boolean collect(FilterChainContext context, Upload upload, HttpContent part, HttpRequestPacket request) {
        Connection<?> connection = context.getConnection();
        int size = upload.add(part.getContent());
        if (held.get() > room) {
            upload.refuse(TOO_MANY);
        }
        if (!part.isLast() && size <= limit(request)) {
            return false;
        }
        open.remove(connection);
        Buffer body = upload.complete();
        if (body == null) {
            connection.closeSilently(); // It was refused, and its answer said that it was the last one.
            return false;
        }
        whole.put(connection, size);
        if (!part.isLast()) {
            LET_THROUGH.set(request, true);
        }
        context.setMessage(
                HttpContent.builder(request).content(body).last(part.isLast()).build());
        return true;
    }

    /** RFC 9110, section 10.1.1: the client waits for this before it sends the body. */
    private static void acknowledge(FilterChainContext context, HttpResponsePacket response) {
        response.setStatus(HttpStatus.CONINTUE_100);
        response.setAcknowledgement(true);
        context.write(response);
    }

    /** The request has its answer. */
    void answered(Connection<?> connection) {
        Integer size = whole.remove(connection);
        if (size != null) {
            held.addAndGet(-size);
        }
    }

    /** The connection has ended. */
    void forget(Connection<?> connection) {
        Upload upload = open.remove(connection);
        if (upload != null) {
            upload.forget();
        }
        answered(connection);
    }

    /** Refuses what takes too long, and cuts off who does not hang up after that. */
    void look() {
        open.forEach((connection, upload) -> {
            if (upload.isOpenFor(LONGEST)) {
                upload.refuse(TOO_SLOW);
            } else if (upload.isRefusedFor(LINGER)) {
                connection.closeSilently();
            }
        });
    }
}
