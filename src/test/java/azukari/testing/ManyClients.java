package azukari.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Any number of clients on one thread, each with a connection of its own, known by what they have received. */
public final class ManyClients implements AutoCloseable {
    private final InetSocketAddress address;
    private final Selector selector;
    private final Queue<Client> opening = new ConcurrentLinkedQueue<>();
    private final List<Client> all = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private final Thread thread = new Thread(this::run, "many-clients");
    private volatile boolean closed;

    /** One of them. */
    public static final class Client {
        private final ByteBuffer request;
        private final StringBuilder received = new StringBuilder();
        private long endedAt;
        private SocketChannel channel;

        private Client(String request) {
            this.request = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
        }

        public synchronized String received() {
            return received.toString();
        }

        public synchronized boolean hasReceived(String part) {
            return received.indexOf(part) >= 0;
        }

        /** Whether the server has closed the connection. */
        public synchronized boolean isOver() {
            return endedAt != 0;
        }

        private synchronized void receive(ByteBuffer bytes) {
            received.append(StandardCharsets.UTF_8.decode(bytes));
        }

        private synchronized void end() {
            endedAt = System.nanoTime();
        }
    }

    /** @param server an address on this machine's loopback */
    public ManyClients(URI server) {
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread.setDaemon(true);
        thread.start();
    }

    public Client get(String path, String... headers) {
        return open("GET /api/" + path + " HTTP/1.1\r\n" + head(headers) + "\r\n");
    }

    public Client post(String path, String json, String... headers) {
        return open("POST /api/" + path + " HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: "
                + json.getBytes(StandardCharsets.UTF_8).length + "\r\n" + head(headers) + "\r\n" + json);
    }

    private static String head(String... headers) {
        return "Host: localhost\r\n" + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n");
    }

    private Client open(String request) {
        Client client = new Client(request);
        synchronized (all) {
            all.add(client);
        }
        opening.add(client);
        selector.wakeup();
        return client;
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(1000);
                for (Client next = opening.poll(); next != null; next = opening.poll()) {
                    next.channel = SocketChannel.open();
                    next.channel.configureBlocking(false);
                    next.channel.register(selector, SelectionKey.OP_CONNECT, next);
                    next.channel.connect(address);
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    go(key, (Client) key.attachment());
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void go(SelectionKey key, Client client) {
        try {
            if (key.isConnectable() && client.channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_WRITE);
            } else if (key.isWritable()) {
                client.channel.write(client.request);
                if (!client.request.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            } else if (key.isReadable()) {
                buffer.clear();
                if (client.channel.read(buffer) < 0) {
                    client.end();
                    key.cancel();
                    client.channel.close();
                } else {
                    client.receive(buffer.flip());
                }
            }
        } catch (IOException e) {
            client.end();
            key.cancel();
        }
    }

    /** All of them go away at once. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
            synchronized (all) {
                for (Client client : all) {
                    if (client.channel != null) {
                        client.channel.close();
                    }
                }
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
