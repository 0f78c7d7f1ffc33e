package azukari.recovery;

import azukari.broker.Marks;
import azukari.broker.Marks.Mark;
import azukari.broker.Queues;
import azukari.database.Database;
import azukari.database.Tx;
import azukari.job.JobTable;
import azukari.outbox.Round;
import azukari.platform.BrokerUnavailableException;
import azukari.platform.Ids;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Settings;
import azukari.platform.Threads;
import azukari.recovery.BrokerTable.Seen;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Checks whether the broker is the one that this node sent to before (rule 17). If it is not, the messages that the
 * earlier broker held may be lost, so everything QUEUED is put on the wire again. The check runs before the lanes open
 * and every few seconds, and so after each reconnect, too.
 */
@Service
public class BrokerWatch {
    private static final Logger LOG = System.getLogger(BrokerWatch.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_FIRST_LOOK = Duration.ofSeconds(10);
    /** The age up to which a copy of a running broker's journal may pass for the current one. */
    private static final Duration RENEWAL = Duration.ofMinutes(1);

    private final Database database;
    private final Threads threads;
    private final Marks marks;
    private final Queues queues;
    private final Requeue requeue;
    private final Round round;
    private final String node;
    private final CountDownLatch looked = new CountDownLatch(1);
    /** Whether to renew the mark at the next check: the broker was unavailable, or this node has just started. */
    private boolean reconnected = true;

    private long renewedAt;
    private volatile Loop loop;

    @Inject
    public BrokerWatch(
            Database database,
            Threads threads,
            Marks marks,
            Queues queues,
            Requeue requeue,
            Round round,
            Settings settings) {
        this.database = database;
        this.threads = threads;
        this.marks = marks;
        this.queues = queues;
        this.requeue = requeue;
        this.round = round;
        this.node = settings.node();
    }

    /** Starts checking, and returns after the first check, or after 10 s if the broker keeps it waiting. */
    public void start() {
        loop = threads.loop("broker-watch", PAUSE, this::pass);
        try {
            if (!looked.await(LONGEST_FIRST_LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "startup no longer waits for the broker");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass() {
        try {
            queues.keepPaused(); // Before anything is sent to a broker that may not know of the pauses.
            look();
        } catch (BrokerUnavailableException e) {
            reconnected = true;
            throw e;
        } finally {
            looked.countDown();
        }
        int resent = requeue.goOn();
        if (resent > 0) {
            LOG.log(Level.INFO, "{0} jobs were put on the wire again", resent);
        }
    }

    /**
     * Compares the broker with what is known about it. The round is read first: it is the round in which the broker is
     * seen.
     */
    void look() {
        Seen seen = database.inTransaction(tx -> BrokerTable.seen(tx, node));
        Optional<Mark> mark = marks.read();
        if (!seen.fits(mark)) {
            round.seen(database.inTransaction(this::meet));
            return;
        }
        if (seen.seen() != seen.present()) {
            note(mark.orElseThrow(), seen.present());
        }
        round.seen(seen.present());
        if (reconnected || System.nanoTime() - renewedAt > RENEWAL.toNanos()) {
            renew(mark.orElseThrow());
            renewedAt = System.nanoTime();
            reconnected = false;
        }
    }

    private void note(Mark mark, long present) {
        database.inTransaction(tx -> {
            BrokerTable.note(tx, node, mark.broker(), present);
            return null;
        });
    }

    /**
     * Handles a broker that is not the one that this node last saw. A new round begins, unless another node has begun
     * one since; that round covers everything that this node has ever deleted from the outbox.
     *
     * @return the round in which this node met the broker
     */
    private long meet(Tx tx) {
        long present = BrokerTable.lockRound(tx);
        Optional<Mark> found = marks.read();
        OptionalLong stamp =
                found.isPresent() ? BrokerTable.lockStamp(tx, found.get().broker()) : OptionalLong.empty();
        Seen seen = BrokerTable.seen(tx, node);
        Optional<Mark> mark = marks.read(); // Read again, now that nobody can renew it.
        boolean known = stamp.isPresent()
                && mark.filter(it -> it.broker().equals(found.get().broker())
                                && BrokerTable.isPresent(it, stamp.getAsLong()))
                        .isPresent();
        boolean covered = seen.broker() == null ? known : seen.fits(mark) || seen.seen() < present;
        Mark settled = known ? mark.orElseThrow() : introduce(tx, mark);
        if (!covered) {
            warn(tx, seen);
            BrokerTable.nextRound(tx);
            present++;
        }
        BrokerTable.note(tx, node, settled.broker(), present);
        return present;
    }

    /**
     * Logs a warning, unless this node starts for the first time with nothing to put on the wire: it has lost nothing.
     */
    private static void warn(Tx tx, Seen seen) {
        if (seen.broker() != null || JobTable.lastQueued(tx).isPresent()) {
            LOG.log(
                    Level.WARNING,
                    "the broker is not the one that this node worked with (journal lost, an old copy, or another broker):"
                            + " everything QUEUED is put on the wire again");
        }
    }

    /** Gives an unfamiliar broker, or an old copy of a known one, a new name. */
    private Mark introduce(Tx tx, Optional<Mark> before) {
        Mark mark = new Mark(Ids.next(), 1);
        BrokerTable.insert(tx, mark);
        replace(before, mark);
        return mark;
    }

    /** Raises the stamp, so that an earlier copy of the journal can be recognized by its older stamp. */
    private void renew(Mark mark) {
        database.inTransaction(tx -> {
            BrokerTable.raiseStamp(tx, mark); // The table is one behind if a node died between the two steps below.
            return null;
        });
        database.inTransaction(tx -> {
            if (BrokerTable.lockStamp(tx, mark.broker()).orElseThrow()
                    == mark.stamp()) { // Else another node was first.
                replace(Optional.of(mark), mark.next());
                BrokerTable.raiseStamp(tx, mark.next());
            }
            return null;
        });
    }

    private void replace(Optional<Mark> before, Mark mark) {
        if (!marks.replace(before, mark)) {
            throw new BrokerUnavailableException(
                    "the broker changed during the check", new IllegalStateException("it will be checked again"));
        }
    }

    public void stop() {
        if (loop != null) {
            loop.close();
        }
    }
}
