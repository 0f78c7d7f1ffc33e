package azukari.outbox;

import azukari.database.Database;
import azukari.database.Tx;
import azukari.outbox.Outbox.Pending;
import azukari.outbox.Outbox.Swept;
import azukari.platform.BrokerUnavailableException;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.inject.Inject;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Sends what was not relayed: rows left by a node that died, by a broker outage, or by an overflow of the relay.
 * Several nodes sweep concurrently; each skips the rows that another has locked.
 */
@Service
public class Sweeper {
    /** The broker connection's call timeout, as the server configurations set it. */
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_AT_ONCE = 200;
    private static final long MOST_CHARACTERS = 4L * 1024 * 1024;

    private final Database database;
    private final Threads threads;
    private final Clock clock;
    private final Round round;
    private final Wire wire;
    private volatile Loop loop;

    @Inject
    public Sweeper(
            Database database, Threads threads, Clock clock, Round round, ConnectionFactory factory, Packing packing) {
        this.database = database;
        this.threads = threads;
        this.clock = clock;
        this.round = round;
        this.wire = new Wire(factory, packing);
    }

    public void start() {
        loop = threads.loop("sweeper", PAUSE, this::sweepAll);
    }

    private void sweepAll() {
        Instant older = clock.instant().minus(SEND_TIMEOUT.multipliedBy(2));
        Swept swept;
        do {
            swept = database.inTransaction(tx -> sweep(tx, older));
            RelayMeters.SWEPT.increment(swept.entries().size());
        } while (swept.found() == MOST_AT_ONCE || swept.entries().size() < swept.found());
    }

    private Swept sweep(Tx tx, Instant older) {
        long seen = round.now();
        Swept swept = Outbox.lockOlder(tx, older, MOST_AT_ONCE, MOST_CHARACTERS, seen);
        send(swept.pending());
        Outbox.delete(tx, swept.entries(), seen);
        return swept;
    }

    private void send(List<Pending> pending) {
        if (pending.isEmpty()) {
            return;
        }
        try {
            wire.send(pending.stream().map(Pending::envelope).toList());
        } catch (JMSException e) {
            throw new BrokerUnavailableException(e);
        }
    }

    public void stop() {
        if (loop != null) {
            loop.close();
        }
        Wires.closeQuietly(wire);
    }
}
