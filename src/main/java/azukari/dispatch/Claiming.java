package azukari.dispatch;

import azukari.platform.Service;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether this node may claim and call. Not before the start is through, not while the node's beat does not go through
 * (rule 4), not once it drains; a lane's thread waits here with its message meanwhile, so nothing is bounced.
 */
@Service
public class Claiming {
    private enum Phase {
        SUSPENDED,
        OPEN,
        DRAINING,
        STOPPED
    }

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

    /** No more claims, for good; messages that come wait. */
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

    /** Has the lanes give back the messages that they hold: the node stops. */
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

    /**
     * Waits with a fresh message until this node may claim.
     *
     * @throws RedeliverException when the node stops
     */
    void awaitOpen() {
        lock.lock();
        try {
            while (phase != Phase.OPEN) {
                if (phase == Phase.STOPPED) {
                    throw new RedeliverException("this node stops; the message goes to another, or waits", null);
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whom a claim is for, right now. Waits while claiming is suspended.
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
                throw new RedeliverException("this node stops; the message goes to another, or waits", null);
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
