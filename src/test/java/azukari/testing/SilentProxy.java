package azukari.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A TCP proxy that can fall silent: what either side sends is swallowed then, and nobody is told, as when a host is lost or a firewall
 * drops packets. Connections of that time stay silent for ever; those made after it work again.
 */
public final class SilentProxy implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
    private volatile boolean silent;

    private static final class Pair {
        private final Socket client;
        private final Socket target;
        private volatile boolean silent;

        Pair(Socket client, Socket target, boolean silent) {
            this.client = client;
            this.target = target;
            this.silent = silent;
        }
    }

    private SilentProxy(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
        threads.execute(this::accept);
    }

    /** A proxy that forwards to a port on the loopback address. */
    public static SilentProxy to(int target) {
        try {
            return new SilentProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy could not be started", e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    public void silence() {
        silent = true;
        pairs.forEach(pair -> pair.silent = true);
    }

    public void speak() {
        silent = false;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Pair pair = new Pair(client, new Socket(InetAddress.getLoopbackAddress(), target), silent);
                pairs.add(pair);
                threads.execute(() -> pump(pair, pair.client, pair.target));
                threads.execute(() -> pump(pair, pair.target, pair.client));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException("the proxy takes no more connections", e);
                }
            }
        }
    }

    private static void pump(Pair pair, Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!pair.silent) {
                    out.write(buffer, 0, length);
                }
            }
            end(pair);
        } catch (IOException e) {
            end(pair); // One side has gone.
        }
    }

    private static void end(Pair pair) {
        if (pair.silent) {
            return; // Nobody is told.
        }
        try {
            pair.client.close();
            pair.target.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a connection of the proxy stays open", e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Pair pair : pairs) {
                pair.client.close();
                pair.target.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy's port stays taken", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
