package azukari.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP target that answers byte for byte as a test says, also what no HTTP server would. A whole answer leaves the connection open;
 * one without a head, or with less than its head announces, is followed by the connection's end.
 */
public final class RawTarget implements AutoCloseable {
    /** The request is taken, and nothing ever comes. */
    public static final String SILENCE = "(silence)";

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch closed = new CountDownLatch(1);

    private RawTarget(ServerSocket server) {
        this.server = server;
        threads.execute(this::accept);
    }

    public static RawTarget start() {
        try {
            return new RawTarget(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException("the target could not be started", e);
        }
    }

    public URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + pathAndQuery);
    }

    /** The answers to the next requests, in turn; further requests get none. */
    public void answers(String... texts) {
        for (String text : texts) {
            answers.add(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** One answer of a head and a body of any bytes. */
    public void answers(byte[] head, byte[] body) {
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        answers.add(all);
    }

    /** The heads of the requests that arrived whole, in order. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
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
            while (readRequest(socket.getInputStream())) {
                byte[] answer = answers.poll();
                if (answer == null || answer.length == 0) {
                    return;
                }
                if (SILENCE.equals(new String(answer, StandardCharsets.UTF_8))) {
                    closed.await();
                    return;
                }
                socket.getOutputStream().write(answer);
                socket.getOutputStream().flush();
                if (!isWhole(new String(answer, StandardCharsets.ISO_8859_1))) {
                    return;
                }
            }
        } catch (IOException e) {
            return; // The client has gone: it has had enough.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A head with a length, and as much after it. */
    private static boolean isWhole(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        Matcher length = LENGTH.matcher(answer);
        return end >= 0 && length.find() && answer.length() - end - 4 >= Integer.parseInt(length.group(1));
    }

    private boolean readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        int size = length.find() ? Integer.parseInt(length.group(1)) : 0;
        if (in.readNBytes(size).length < size) {
            return false;
        }
        requests.add(head.toString());
        return true;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the target's port stays taken", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
