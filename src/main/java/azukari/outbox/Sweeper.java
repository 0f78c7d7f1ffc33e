package azukari.outbox;

import azukari.database.Database;
import azukari.database.SetAside;
import azukari.database.Tx;
import azukari.outbox.Outbox.Pending;
import azukari.outbox.Outbox.Row;
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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

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
    private final SetAside<UUID> left = new SetAside<>("sending a message from the outbox");
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
        boolean more;
        do {
            more = sweepSome(older);
        } while (Loop.mayGoOn() && more);
    }

    /** Sends some of what is older; returns whether there may be more. */
    boolean sweepSome(Instant older) {
        long seen = round.now();
        List<Row> found = new ArrayList<>();
        int limit = MOST_AT_ONCE + left.count();
        try {
            Swept swept = database.inTransaction(tx -> {
                Outbox.lockOlder(tx, older, limit, seen).stream()
                        .filter(row -> !left.holds(row.id()))
                        .forEach(found::add);
                return sweep(tx, found, seen);
            });
            RelayMeters.SWEPT.increment(swept.entries().size());
            return found.size() >= MOST_AT_ONCE || swept.entries().size() < found.size();
        } catch (RuntimeException | StackOverflowError e) {
            if (found.isEmpty() || !SetAside.isForARow(e)) {
                throw e;
            }
            left.each(
                    found.stream().map(Row::id).toList(),
                    some -> RelayMeters.SWEPT.increment(
                            database.inTransaction(tx -> sweep(tx, Outbox.lock(tx, some, seen), seen))
                                    .entries()
                                    .size()));
            return found.size() >= MOST_AT_ONCE;
        }
    }

    private Swept sweep(Tx tx, List<Row> rows, long seen) {
        Swept swept = Outbox.messages(tx, rows, MOST_CHARACTERS);
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
