package azukari.database;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * One unit of work in a {@link Line}: its input, and how it ended. Its thread is notified exactly once, either to lead
 * or that the unit has ended.
 */
final class Unit<I, O> {
    private final I input;
    private final long size;
    private final long since = System.nanoTime();
    private final Thread thread = Thread.currentThread();

    private O outcome;
    private Throwable failure;
    private boolean ended;
    private boolean leads;
    /** Written last: a thread that reads it as true sees the rest. */
    private volatile boolean told;

    Unit(I input, long size) {
        this.input = input;
        this.size = size;
    }

    I input() {
        return input;
    }

    long size() {
        return size;
    }

    void succeed(O result) {
        outcome = result;
        ended = true;
    }

    void fail(Throwable why) {
        failure = why;
        ended = true;
    }

    boolean ended() {
        return ended;
    }

    /** Null unless the unit failed. */
    Throwable failure() {
        return failure;
    }

    boolean waitsLongerThan(Duration time) {
        return System.nanoTime() - since > time.toNanos();
    }

    boolean leads() {
        return leads;
    }

    void tellToLead() {
        leads = true;
        tell();
    }

    void tell() {
        told = true;
        LockSupport.unpark(thread);
    }

    /**
     * Waits to be notified, whether or not the thread is interrupted. Allocates nothing: a thread that ran out of
     * memory here could be chosen to lead and then never do so.
     *
     * @param longest the longest wait; null for no limit
     * @return false if that time is over first
     */
    boolean awaitTold(Duration longest) {
        boolean interrupted = false;
        while (!told && (longest == null || !waitsLongerThan(longest))) {
            if (longest == null) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, longest.toNanos() - (System.nanoTime() - since));
            }
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            thread.interrupt();
        }
        return told;
    }

    /** How the unit ended, for the thread that submitted it. */
    O result() {
        if (failure instanceof Error e) {
            throw e;
        }
        if (failure != null) {
            throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
        }
        if (!ended) { // As after a lost connection, it is unknown whether it was committed.
            throw new DatabaseUnavailableException(new IllegalStateException("the thread that led the group died"));
        }
        return outcome;
    }
}
