package azukari.outbox;

import azukari.database.Database;
import azukari.database.SetAside;
import azukari.outbox.Outbox.Pending;
import azukari.platform.BrokerUnavailableException;
import azukari.platform.Gathering;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.inject.Inject;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends what was just committed: takes everything that is waiting, sends it in one JMS transaction, and deletes those
 * outbox rows in one statement. Its memory is bounded; what does not fit stays in the outbox for the {@link Sweeper}.
 */
@Service
public class Relay {
    private static final int MOST_WAITING = 4096;
    private static final long MOST_CHARACTERS = 16L * 1024 * 1024;
    private static final int MOST_AT_ONCE = 512;
    /** The wait after a failure; otherwise every offer wakes the relay. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Database database;
    private final Threads threads;
    private final Round round;
    private final Wire wire;
    private final BlockingQueue<Offered> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicLong characters = new AtomicLong();
    /** What is being sent; retried after a failure of the broker. Only the relay's own thread accesses it. */
    private final List<Offered> batch = new ArrayList<>(MOST_AT_ONCE);

    private volatile Loop loop;

    /** @param at the {@link System#nanoTime()} of the offer */
    private record Offered(Pending message, long at) {
        Envelope envelope() {
            return message.envelope();
        }
    }

    @Inject
    public Relay(Database database, Threads threads, Round round, ConnectionFactory factory, Packing packing) {
        this.database = database;
        this.threads = threads;
        this.round = round;
        this.wire = new Wire(factory, packing);
    }

    public void start() {
        loop = threads.loop("relay", PAUSE, this::relayAll);
    }

    /** Hands over messages whose outbox rows are committed; never blocks. */
    public void offer(List<Pending> messages) {
        long now = System.nanoTime();
        for (Pending message : messages) {
            long size = message.envelope().size();
            if (characters.addAndGet(size) > MOST_CHARACTERS || !waiting.offer(new Offered(message, now))) {
                characters.addAndGet(-size);
                break; // The rest stays in the outbox, where the sweeper finds it.
            }
        }
        Loop running = loop;
        if (running != null && !messages.isEmpty()) {
            running.wake();
        }
    }

    private void relayAll() {
        while (Loop.mayGoOn() && (!batch.isEmpty() || waiting.drainTo(batch, MOST_AT_ONCE) > 0)) {
            long seen = round.now(); // Read before the send.
            send();
            List<UUID> sent =
                    batch.stream().map(offered -> offered.message().entry()).toList();
            drop();
            database.inTransaction(tx -> {
                Outbox.delete(tx, sent, seen);
                return null;
            });
            if (waiting.size() < MOST_AT_ONCE) {
                Gathering.after(sent.size());
            }
        }
    }

    private void drop() {
        batch.forEach(offered -> characters.addAndGet(-offered.envelope().size()));
        batch.clear();
    }

    private void send() {
        try {
            int messages = wire.send(batch.stream().map(Offered::envelope).toList());
            long now = System.nanoTime();
            RelayMeters.BATCH.record(messages);
            RelayMeters.JOBS.increment(batch.size());
            batch.forEach(offered -> RelayMeters.LAG.record(now - offered.at(), TimeUnit.NANOSECONDS));
        } catch (JMSException e) {
            throw new BrokerUnavailableException(e);
        } catch (RuntimeException | StackOverflowError e) {
            if (SetAside.isForARow(e)) {
                drop(); // To the sweeper, which finds the row that is to blame, and sends the others.
            }
            throw e;
        }
    }

    public void stop() {
        if (loop != null) {
            loop.close();
        }
        Wires.closeQuietly(wire);
    }
}
