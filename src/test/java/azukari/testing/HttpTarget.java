package azukari.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The external system that does the work: an HTTP server in the tests' JVM that outlives every kill, answers as scripted by a test, and
 * records each call. Its record is a log of effects that is independent of the product's database.
 */
public final class HttpTarget implements AutoCloseable {
    private static final int BACKLOG = 1_024;
    private static final String PROBE = "/-/probe";

    static {
        // Read once by the JDK's server: without it, each answer on a kept connection may wait 40 ms for an
        // acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<Long, Call> calls = new ConcurrentSkipListMap<>();
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicInteger epoch = new AtomicInteger(1);
    private final Map<String, Function<Call, Answer>> answers = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private HttpTarget() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()), BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.createContext(PROBE, HttpTarget::answerProbe);
        server.start();
    }

    public static HttpTarget start() {
        try {
            return new HttpTarget();
        } catch (IOException e) {
            throw new UncheckedIOException("the HTTP target could not be started", e);
        }
    }

    /** Where to call it. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** How calls of this path are answered from now on; other paths get a 404. */
    public HttpTarget answer(String path, Function<Call, Answer> answer) {
        answers.put(path, answer);
        return this;
    }

    public HttpTarget answer(String path, Answer answer) {
        return answer(path, call -> answer);
    }

    /** All calls so far, in the order in which they were seen to begin. */
    public List<Call> calls() {
        return List.copyOf(calls.values());
    }

    /** The most calls that were going on at one instant. */
    public int highestConcurrency() {
        Collection<Call> all = calls.values();
        return all.stream()
                .mapToInt(at -> (int) all.stream()
                        .filter(other -> other.begin() <= at.begin() && at.begin() < other.end())
                        .count())
                .max()
                .orElse(0);
    }

    public int epoch() {
        return epoch.get();
    }

    /**
     * Tells that the process that called so far is dead: what arrives from now on comes from the next one. Calls that the dead one had sent
     * and that still wait to be read are taken in first, as its own.
     */
    public int nextEpoch() {
        HttpRequest probe = HttpRequest.newBuilder(uri(PROBE))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            HttpResponse<Void> answer = HttpClient.newHttpClient().send(probe, HttpResponse.BodyHandlers.discarding());
            if (answer.statusCode() != 204) {
                throw new IllegalStateException("the target answers its own probe with " + answer.statusCode());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the target does not answer its own probe", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return epoch.incrementAndGet();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        long number = sequence.incrementAndGet();
        Call call = begun(exchange);
        calls.put(number, call);
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            call = withBody(call, body);
            calls.put(number, call);
            Answer answer = answers.getOrDefault(call.path(), unknown -> Answer.status(404))
                    .apply(call);
            work(answer.delay());
            // Before the caller can know of the end: what it does next must not seem to overlap with this call.
            calls.put(number, call.ended(System.nanoTime(), answer.status()));
            if (!answer.closesConnection()) {
                send(exchange, answer);
            }
        } finally {
            calls.computeIfPresent(
                    number, (key, last) -> last.end() == Call.GOING_ON ? last.ended(System.nanoTime(), 0) : last);
        }
    }

    private Call begun(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        return new Call(
                epoch.get(),
                exchange.getRequestURI().getPath(),
                text(headers, "Idempotency-Key"),
                number(headers, "X-Azukari-Run"),
                (int) number(headers, "X-Azukari-Attempt"),
                "",
                System.nanoTime(),
                Call.GOING_ON,
                0);
    }

    private static Call withBody(Call call, String body) {
        return new Call(
                call.epoch(),
                call.path(),
                call.job(),
                call.run(),
                call.attempt(),
                body,
                call.begin(),
                Call.GOING_ON,
                0);
    }

    private static String text(Headers headers, String name) {
        String value = headers.getFirst(name);
        return value == null ? "" : value;
    }

    private static long number(Headers headers, String name) {
        String value = text(headers, name);
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }

    /** The time that the work takes; cut short when the target is closed. */
    private void work(Duration time) throws IOException {
        try {
            if (!time.isZero() && closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("the target was closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the target was closed", e);
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] json = answer.json().getBytes(StandardCharsets.UTF_8);
        if (json.length > 0) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
        }
        exchange.sendResponseHeaders(answer.status(), json.length == 0 ? -1 : json.length);
        if (json.length > 0) {
            exchange.getResponseBody().write(json);
        }
    }

    private static void answerProbe(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(204, -1);
        }
    }
}
