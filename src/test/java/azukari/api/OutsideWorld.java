package azukari.api;

import azukari.testing.Answer;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * A scripted HTTP target: the body's {@code key} selects the script. The last answer of a script is repeated; without a script it is 200.
 */
final class OutsideWorld {
    /** One call, as it came. */
    record Seen(String method, String path, Map<String, List<String>> headers, String body, long nanoTime) {
        String header(String name) {
            return headers.entrySet().stream()
                    .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                    .map(entry -> String.join("|", entry.getValue()))
                    .findFirst()
                    .orElse("");
        }
    }

    private final HttpServer server;
    private final Map<String, Deque<Supplier<Answer>>> scripts = new ConcurrentHashMap<>();
    private final Map<String, List<Seen>> calls = new ConcurrentHashMap<>();

    OutsideWorld() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "outside world");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::handle);
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    void script(String key, List<Supplier<Answer>> answers) {
        scripts.put(key, new ArrayDeque<>(answers));
    }

    List<Seen> calls(String key) {
        return List.copyOf(calls.getOrDefault(key, List.of()));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String key = body.replaceAll("(?s).*\"key\"\\s*:\\s*\"([^\"]*)\".*", "$1");
            calls.computeIfAbsent(key, any -> Collections.synchronizedList(new ArrayList<>()))
                    .add(new Seen(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath(),
                            Map.copyOf(exchange.getRequestHeaders()),
                            body,
                            System.nanoTime()));
            Answer answer = next(key);
            if (answer.status() == 0) {
                return; // Closes the connection without an answer.
            }
            try {
                Thread.sleep(answer.delay().toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] json = answer.json().getBytes(StandardCharsets.UTF_8);
            if (json.length > 0) {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
            }
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), json.length == 0 ? -1 : json.length);
            exchange.getResponseBody().write(json);
        }
    }

    private Answer next(String key) {
        Deque<Supplier<Answer>> script = scripts.get(key);
        if (script == null) {
            return Answer.ok();
        }
        synchronized (script) {
            return (script.size() > 1 ? script.poll() : script.peek()).get();
        }
    }
}
