package azukari.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One kept connection that carries one request at a time; just as much of HTTP/1.1 (RFC 9112) as the server's answers need. */
final class Exchange {
    private static final String ACCEPTED = "202";
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private final InetSocketAddress server;
    private final Selector selector;
    private final ByteBuffer answer = ByteBuffer.allocate(16 * 1024);
    private SocketChannel channel;
    private long sentAt;

    Exchange(InetSocketAddress server, Selector selector) throws IOException {
        this.server = server;
        this.selector = selector;
        connect();
    }

    private void connect() throws IOException {
        channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(ByteBuffer request) throws IOException {
        sentAt = System.nanoTime();
        answer.clear();
        while (request.hasRemaining()) {
            channel.write(request);
        }
    }

    /**
     * Takes what has come.
     *
     * @return nanoseconds since the request was sent, or -1 while the answer is not whole
     * @throws IOException when the connection broke within an answer
     * @throws AssertionError when the answer is not 202
     */
    long receive() throws IOException {
        if (channel.read(answer) < 0) {
            throw new IOException("the server closed the connection within an answer");
        }
        String text = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        int headEnd = text.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            return -1;
        }
        String head = text.substring(0, headEnd).toLowerCase(Locale.ROOT);
        if (!isWhole(head, text.substring(headEnd + 4))) {
            return -1;
        }
        long took = System.nanoTime() - sentAt;
        if (!text.startsWith(ACCEPTED, STATUS_AT)) {
            throw new AssertionError("the server did not accept: " + text);
        }
        if (head.contains("\r\nconnection: close")) {
            close();
            connect();
        }
        return took;
    }

    private static boolean isWhole(String head, String body) {
        int length = head.indexOf("\r\ncontent-length:");
        if (length < 0) {
            return body.endsWith("0\r\n\r\n");
        }
        int from = length + "\r\ncontent-length:".length();
        int to = head.indexOf("\r\n", from);
        return body.length()
                >= Integer.parseInt(
                        head.substring(from, to < 0 ? head.length() : to).strip());
    }

    void close() throws IOException {
        channel.close();
    }
}
