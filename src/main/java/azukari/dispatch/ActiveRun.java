package azukari.dispatch;

import azukari.limit.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * One job's message that this process is working on, from before its claim until after its finish. A timeout, a
 * cancellation and a shutdown only ask (rule 6): they set a flag, and they interrupt the thread only while it is in the
 * handler.
 */
public final class ActiveRun {
    /** Why a run was asked to stop. */
    public enum Ask {
        TIMEOUT,
        CANCEL,
        SHUTDOWN
    }

    /** How long a handler may continue after it was asked to stop before it counts as ignoring the request. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final UUID job;
    private final long messageFence;
    private final boolean cancelled;
    private boolean begunBefore;
    private boolean begun;
    private long begunAt;
    private boolean waits;
    private long waitsSince;
    private boolean settled;
    private Thread inHandler;
    private Instant deadline;
    private Ask asked;
    private Instant askedAt;
    private Instant noCallsBefore;
    private Slot slot;

    /**
     * @param cancelled whether the message already states that the job is to be cancelled; then no request is needed
     */
    ActiveRun(UUID job, long messageFence, boolean cancelled) {
        this.job = job;
        this.messageFence = messageFence;
        this.cancelled = cancelled;
    }

    /** Whether this process began the run in an earlier delivery and has not committed how it ended. */
    synchronized boolean begunBefore() {
        return begunBefore;
    }

    synchronized void markBegunBefore() {
        begunBefore = true;
    }

    /** Records that the run's end is committed, or that the run now belongs to another owner. */
    synchronized void settle() {
        settled = true;
    }

    /** Whether its handler was begun and how it ended has not been committed. */
    synchronized boolean isUnsettled() {
        return (begun || begunBefore) && !settled;
    }

    UUID job() {
        return job;
    }

    long messageFence() {
        return messageFence;
    }

    synchronized void enterHandler(Instant until) {
        begun = true;
        begunAt = System.nanoTime();
        inHandler = Thread.currentThread();
        deadline = until;
        if (asked != null) {
            inHandler.interrupt();
        }
    }

    /** Its handler waits for a slot. */
    synchronized void beginWait() {
        waitsSince = System.nanoTime();
        waits = true;
    }

    synchronized void endWait() {
        begunAt += System.nanoTime() - waitsSince;
        waits = false;
    }

    /** How long ago its handler was called, without what it has waited for slots; zero if it was not called. */
    synchronized Duration ran() {
        if (!begun) {
            return Duration.ZERO;
        }
        return Duration.ofNanos((waits ? waitsSince : System.nanoTime()) - begunAt);
    }

    synchronized void setSlot(Slot given) {
        slot = given;
    }

    /** Uses up the slot that the run's next call has; null for none. */
    synchronized Slot useSlot() {
        Slot used = slot;
        slot = null;
        return used;
    }

    /** Remembers that the outside is not to be called again before a time; the latest counts. */
    synchronized void noCallsBefore(Instant time) {
        if (noCallsBefore == null || time.isAfter(noCallsBefore)) {
            noCallsBefore = time;
        }
    }

    /** Before when the outside is not to be called again; null if it did not say. */
    synchronized Instant noCallsBefore() {
        return noCallsBefore;
    }

    /** Whether its handler has been called. */
    synchronized boolean hasBegun() {
        return begun;
    }

    /** From here on the thread is not interrupted, and a late interrupt is cleared. */
    synchronized void leaveHandler() {
        inHandler = null;
        Thread.interrupted();
    }

    /** Asks the run to stop; the first reason is kept. */
    synchronized void ask(Ask why, Instant now) {
        if (asked == null && !(cancelled && why == Ask.CANCEL)) {
            asked = why;
            askedAt = now;
            if (inHandler != null) {
                inHandler.interrupt();
            }
        }
    }

    /** Why the run was asked to stop; null if it was not. */
    synchronized Ask asked() {
        return asked;
    }

    /** Whether the handler is still running after its deadline, or too long after it was asked to stop. */
    synchronized boolean overdue(Instant now) {
        return inHandler != null && (now.isAfter(deadline) || (askedAt != null && now.isAfter(askedAt.plus(PATIENCE))));
    }
}
