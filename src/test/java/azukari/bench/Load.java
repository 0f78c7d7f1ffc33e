package azukari.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/**
 * Posts over a number of connections, each with one request at a time, from the calling thread alone: what generates the load
 * has the same processors as what is measured, and must not be what is measured.
 */
final class Load implements AutoCloseable {
    private static final long IDLE_MILLIS = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Requests requests;
    private final Selector selector;
    private final List<Exchange> all = new ArrayList<>();
    private final Queue<Exchange> idle = new ArrayDeque<>();

    private Load(Requests requests, Selector selector) {
        this.requests = requests;
        this.selector = selector;
    }

    /** What came of some time of posting. */
    record Answers(Duration time, Latencies latencies) {
        double perSecond() {
            return latencies.count() / (time.toNanos() / 1e9);
        }
    }

    static Load open(URI server, int connections, Requests requests) {
        try {
            Load load = new Load(requests, Selector.open());
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
            for (int i = 0; i < connections; i++) {
                load.all.add(new Exchange(address, load.selector));
            }
            load.idle.addAll(load.all);
            return load;
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to " + server, e);
        }
    }

    /** Posts for this long as fast as the answers come. */
    Answers post(Duration time) {
        return post(time, () -> true);
    }

    /**
     * Posts for this long, and waits for the last answers.
     *
     * @param more asked before each request; false: not now
     */
    Answers post(Duration time, BooleanSupplier more) {
        Latencies latencies = new Latencies();
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        try {
            while (System.nanoTime() < end) {
                while (!idle.isEmpty() && more.getAsBoolean()) {
                    idle.remove().send(requests.next());
                }
                receive(latencies);
            }
            long last = System.nanoTime() + PATIENCE.toNanos();
            while (idle.size() < all.size()) {
                if (System.nanoTime() > last) {
                    throw new AssertionError(all.size() - idle.size() + " requests got no answer in " + PATIENCE);
                }
                receive(latencies);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the load broke off", e);
        }
        return new Answers(Duration.ofNanos(System.nanoTime() - begin), latencies);
    }

    long sent() {
        return requests.sent();
    }

    private void receive(Latencies latencies) throws IOException {
        selector.select(IDLE_MILLIS);
        for (SelectionKey key : selector.selectedKeys()) {
            Exchange exchange = (Exchange) key.attachment();
            long took = exchange.receive();
            if (took >= 0) {
                latencies.add(took);
                idle.add(exchange);
            }
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() {
        try {
            for (Exchange exchange : all) {
                exchange.close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a connection did not close", e);
        }
    }
}
