package azukari.dispatch;

import azukari.platform.Service;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether this node may claim and call. Not before the start is through, not while the node's beat does not go through
 * (rule 4), not once it drains; a lane's thread waits here with its message meanwhile, so nothing is bounced: given back
 * while the lane still listens, it would come again at once, and a broker of its own may put it aside after ten times.
 */
@Service
public class Claiming {
    private enum Phase {
        SUSPENDED,
        OPEN,
        DRAINING,
        STOPPED
    }

    /**
     * How long a message is still kept once the server is about to close the lanes. It closes one after the other and waits
     * for each lane's threads, so a message is given back at most once for each lane that has to be closed before its own.
     */
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Phase phase = Phase.SUSPENDED;
    private Incarnation incarnation;

    /** Lets the lanes claim for this incarnation, unless the node is about to stop. */
    public void open(Incarnation now) {
        lock.lock();
        try {
            incarnation = now;
            if (phase == Phase.SUSPENDED) {
                enter(Phase.OPEN);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has the lanes wait; runs that are going on are not touched. */
    public void suspend() {
        lock.lock();
        try {
            if (phase == Phase.OPEN) {
                enter(Phase.SUSPENDED);
            }
        } finally {
            lock.unlock();
        }
    }

    /** No more claims, for good; messages that come are kept. */
    public void drain() {
        lock.lock();
        try {
            if (phase != Phase.STOPPED) {
                enter(Phase.DRAINING);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has the lanes give back the messages that they keep: the server is about to close them. */
    public void stop() {
        lock.lock();
        try {
            enter(Phase.STOPPED);
        } finally {
            lock.unlock();
        }
    }

    private void enter(Phase next) {
        phase = next;
        changed.signalAll();
    }

    /** Whether a run may begin now. */
    public boolean isOpen() {
        lock.lock();
        try {
            return phase == Phase.OPEN;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the server is about to close the lanes, and then the database's pool. */
    boolean isStopped() {
        lock.lock();
        try {
            return phase == Phase.STOPPED;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Keeps a message that is to be given back until that does no harm: while the node drains, and until the server closes
     * the lanes. Returns at once when the node does not stop, or when the server interrupts this thread.
     */
    void keepWhileStopping() {
        lock.lock();
        try {
            while (phase == Phase.DRAINING) {
                changed.await();
            }
            long left = CLOSING.toNanos();
            while (phase == Phase.STOPPED && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whom a claim is for, right now. Waits while claiming is suspended, and before the start is through.
     *
     * @throws RedeliverException when the node drains or stops
     */
    Incarnation claimant() {
        lock.lock();
        try {
            while (phase == Phase.SUSPENDED) {
                changed.await();
            }
            if (phase != Phase.OPEN) {
                throw new RedeliverException(
                        "this node stops; the message goes to another one, or waits for the next start", null);
            }
            return incarnation;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private static RedeliverException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RedeliverException("the lane was interrupted while it waited to claim", e);
    }
}
