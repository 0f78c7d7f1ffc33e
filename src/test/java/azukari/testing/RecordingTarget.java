package azukari.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An HTTP target whose calls take a set time and have a key and a number in their bodies: {@code {"key": "k-1", "number": 7}}. It
 * knows which calls are under way: a call has ended when it is answered, or when its connection is closed, as by a caller's death.
 */
public final class RecordingTarget implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
    private static final byte[] ANSWER = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int BACKLOG = 1000;

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Duration took;
    private final ConcurrentLinkedQueue<Begun> calls = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> underWay = new HashMap<>();
    private final Map<String, Integer> most = new HashMap<>();
    private int mostKeys;

    /**
     * A call.
     *
     * @param at when its first byte was here, by {@link System#nanoTime}
     */
    public record Begun(String key, int number, long at) {}

    /**
     * Opens one.
     *
     * @param took how long a call takes; more than zero
     */
    public RecordingTarget(Duration took) {
        this.took = took;
        try {
            server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("the target could not be started", e);
        }
        threads.execute(this::accept);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/calls");
    }

    /** The calls that have begun, in that order. */
    public List<Begun> calls() {
        return List.copyOf(calls);
    }

    /** The calls that have begun, in that order, by key. */
    public Map<String, List<Begun>> byKey() {
        return calls.stream().collect(Collectors.groupingBy(Begun::key));
    }

    /** How many calls of a key were under way at its busiest time. */
    public synchronized int most(String key) {
        return most.getOrDefault(key, 0);
    }

    /** The most calls of one key that were under way at a time. */
    public synchronized int mostOfAnyKey() {
        return most.values().stream().mapToInt(count -> count).max().orElse(0);
    }

    /** How many keys had a call under way at the busiest time. */
    public synchronized int mostKeys() {
        return mostKeys;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException("the target takes no more connections", e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            for (Request request = request(in); request != null; request = request(in)) {
                String key = request.event().path("key").asString();
                begin(new Begun(key, request.event().path("number").asInt(), request.at()));
                boolean there;
                try {
                    there = isThereAfterTheCall(socket);
                } finally {
                    end(key);
                }
                if (!there) {
                    return;
                }
                socket.getOutputStream().write(ANSWER);
            }
        } catch (IOException callerIsGone) {
            System.getLogger("target").log(System.Logger.Level.DEBUG, "a caller is gone", callerIsGone);
        }
    }

    /** A caller sends nothing before it has its answer: it is silent for as long as the call takes, or gone. */
    private boolean isThereAfterTheCall(Socket socket) throws IOException {
        socket.setSoTimeout(Math.toIntExact(took.toMillis()));
        try {
            if (socket.getInputStream().read() >= 0) {
                throw new IOException("a second request before the answer to the first");
            }
            return false;
        } catch (SocketTimeoutException itIs) {
            socket.setSoTimeout(0);
            return true;
        }
    }

    private synchronized void begin(Begun call) {
        calls.add(call);
        most.merge(call.key(), underWay.merge(call.key(), 1, Integer::sum), Math::max);
        mostKeys = Math.max(mostKeys, underWay.size());
    }

    private synchronized void end(String key) {
        underWay.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
    }

    /** @param at when its first byte was here, by {@link System#nanoTime} */
    private record Request(long at, JsonNode event) {}

    /** The next request; null at the connection's end. */
    private static Request request(InputStream in) throws IOException {
        int next = in.read();
        long at = System.nanoTime();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int newLines = 0;
        while (next >= 0) {
            head.write(next);
            newLines = next == '\n' ? newLines + 1 : next == '\r' ? newLines : 0;
            if (newLines == 2) {
                Matcher length = LENGTH.matcher(head.toString(StandardCharsets.US_ASCII));
                byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
                return new Request(at, JsonMapper.shared().readTree(body));
            }
            next = in.read();
        }
        return null;
    }

    /** The most calls of a list that began in a window of this length. */
    public static int mostIn(Duration window, List<Begun> calls) {
        List<Long> begun = new ArrayList<>(calls.stream().map(Begun::at).toList());
        begun.sort(null);
        int first = 0;
        int most = 0;
        for (int last = 0; last < begun.size(); last++) {
            while (begun.get(last) - begun.get(first) >= window.toNanos()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the target's port stays taken", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
