package azukari.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An outside service that takes its time, and answers 429 with {@code Retry-After} when more calls begin than its limit in any
 * window of 0.95 s.
 */
public final class Marketplace implements AutoCloseable {
    private static final Duration WINDOW = Duration.ofMillis(950);

    private final HttpServer server;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final int limit;
    private final Duration took;
    private final Deque<Long> window = new ArrayDeque<>();
    private final Map<String, AtomicInteger> effects = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Long> begun = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    /**
     * Opens one.
     *
     * @param limit how many calls may begin in a window
     * @param took how long a call takes
     */
    public Marketplace(int limit, Duration took) {
        this.limit = limit;
        this.took = took;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void answer(HttpExchange call) throws IOException {
        long now = System.nanoTime();
        call.getRequestBody().readAllBytes();
        if (!admits(now)) {
            refused.incrementAndGet();
            call.getResponseHeaders().set("Retry-After", "1");
            call.sendResponseHeaders(429, -1);
            call.close();
            return;
        }
        begun.add(now);
        most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        String key = call.getRequestHeaders().getFirst("Idempotency-Key");
        var unused = clock.schedule(() -> end(call, key), took.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized boolean admits(long now) {
        while (!window.isEmpty() && now - window.peekFirst() >= WINDOW.toNanos()) {
            window.pollFirst();
        }
        if (window.size() >= limit) {
            return false;
        }
        window.addLast(now);
        return true;
    }

    private void end(HttpExchange call, String key) {
        underWay.decrementAndGet();
        effects.computeIfAbsent(String.valueOf(key), k -> new AtomicInteger()).incrementAndGet();
        try {
            byte[] body = "{\"listing\":\"ok\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            call.getResponseHeaders().set("Content-Type", "application/json");
            call.sendResponseHeaders(200, body.length);
            call.getResponseBody().write(body);
        } catch (IOException callerIsGone) {
            System.getLogger("marketplace").log(System.Logger.Level.DEBUG, "a caller is gone", callerIsGone);
        } finally {
            call.close();
        }
    }

    /** How many calls it refused. */
    public int refused() {
        return refused.get();
    }

    /** How many calls were under way at the busiest time. */
    public int most() {
        return most.get();
    }

    /** How often each idempotency key had its effect. */
    public Map<String, AtomicInteger> effects() {
        return effects;
    }

    /** When calls began, in order, by {@link System#nanoTime}. */
    public List<Long> begun() {
        List<Long> sorted = new ArrayList<>(begun);
        sorted.sort(null);
        return sorted;
    }

    @Override
    public void close() {
        server.stop(0);
        clock.shutdownNow();
    }
}
