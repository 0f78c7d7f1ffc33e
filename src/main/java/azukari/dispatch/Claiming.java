package azukari.dispatch;

import azukari.platform.Service;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether this node may claim jobs and call handlers: not before startup is complete, not while the node's heartbeat
 * fails (rule 4), and not once it drains. Meanwhile a lane's thread waits here with its message, and no message is
 * returned: if it were returned while the lane still listens, it would be redelivered at once, and an external broker
 * may dead-letter it after ten deliveries.
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
     * How long a message is still held once the server is about to close the lanes. The server closes them one after
     * another and waits for each lane's threads, so a message is returned at most once for each lane that has to be
     * closed before its own.
     */
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Phase phase = Phase.SUSPENDED;
    private Incarnation incarnation;
    /** Until when this node is certainly not taken for dead, by {@link System#nanoTime}. */
    private long validUntil;

    /**
     * Lets the lanes claim for this incarnation and call handlers, unless the node is about to stop.
     *
     * @param until for how long, by {@link System#nanoTime}: a process that was frozen for longer finds out before it begins
     *     anything else, although nobody had the time to suspend it
     */
    public void open(Incarnation now, long until) {
        lock.lock();
        try {
            incarnation = now;
            validUntil = until;
            if (phase == Phase.SUSPENDED || phase == Phase.OPEN) {
                enter(Phase.OPEN);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes the lanes wait; runs in progress are not affected. Returns whether they did not wait before. */
    public boolean suspend() {
        lock.lock();
        try {
            boolean open = phase == Phase.OPEN;
            if (open) {
                enter(Phase.SUSPENDED);
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** Permanently ends claiming; messages that arrive are held. */
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

    /** Makes the lanes return the messages that they hold: the server is about to close the lanes. */
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
            return phase == Phase.OPEN && System.nanoTime() - validUntil <= 0;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the server is about to close the lanes, and then the database pool. */
    boolean isStopped() {
        lock.lock();
        try {
            return phase == Phase.STOPPED;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Holds a message that is to be returned until returning it does no harm: while the node drains, and until the
     * server closes the lanes. Returns at once if the node is not stopping, or if the server interrupts this thread.
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
     * The incarnation to claim for at this moment. Waits while claiming is suspended, and before startup is complete.
     *
     * @throws RedeliverException if the node drains or stops, or the thread is interrupted while waiting
     */
    Incarnation claimant() {
        lock.lock();
        try {
            while (phase == Phase.SUSPENDED || (phase == Phase.OPEN && System.nanoTime() - validUntil > 0)) {
                changed.await();
            }
            if (phase != Phase.OPEN) {
                throw new RedeliverException(
                        "this node is stopping; the message goes to another node or waits for the next start", null);
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
        return new RedeliverException("the lane was interrupted while waiting to claim", e);
    }
}
