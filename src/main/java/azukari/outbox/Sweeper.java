package azukari.outbox;

import azukari.database.Database;
import azukari.outbox.Outbox.Pending;
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
import java.util.Objects;

/**
 * Sends what nobody relayed: the rows of a node that died, of a time without a broker, of an overflow. Several nodes sweep
 * side by side; each skips the rows that another holds.
 */
@Service
public class Sweeper {
    /** The broker connection's call time-out, as the server configurations set it. */
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_AT_ONCE = 200;

    private final Database database;
    private final Threads threads;
    private final Clock clock;
    private final Round round;
    private final Wire wire;
    private volatile Loop loop;

    @Inject
    public Sweeper(Database database, Threads threads, Clock clock, Round round, ConnectionFactory factory) {
        this.database = database;
        this.threads = threads;
        this.clock = clock;
        this.round = round;
        this.wire = new Wire(factory);
    }

    public void start() {
        loop = threads.loop("sweeper", PAUSE, this::sweepAll);
    }

    private void sweepAll() {
        Instant older = clock.instant().minus(SEND_TIMEOUT.multipliedBy(2));
        int swept;
        do {
            swept = database.inTransaction(tx -> {
                long seen = round.now();
                List<Pending> pending = Outbox.lockOlder(tx, older, MOST_AT_ONCE, seen);
                send(pending);
                Outbox.delete(tx, pending.stream().map(Pending::entry).toList(), seen);
                return pending.size();
            });
            RelayMeters.SWEPT.increment(swept);
        } while (swept == MOST_AT_ONCE);
    }

    private void send(List<Pending> pending) {
        List<Envelope> envelopes =
                pending.stream().map(Pending::envelope).filter(Objects::nonNull).toList();
        if (envelopes.isEmpty()) {
            return;
        }
        try {
            wire.send(envelopes);
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
