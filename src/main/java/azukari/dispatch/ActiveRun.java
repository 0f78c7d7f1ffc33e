package azukari.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * One message that this process is working on, from before its claim until after its finish. A time-out, a cancel and a
 * shutdown only ask (rule 6): they set a flag and interrupt the thread while, and only while, it is in the handler.
 */
public final class ActiveRun {
    /** Why a run was asked to stop. */
    public enum Ask {
        TIMEOUT,
        CANCEL,
        SHUTDOWN
    }

    /** How long a handler that was asked to stop may take before it counts as ignoring that. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final UUID job;
    private final long messageFence;
    private final boolean cancelled;
    private boolean begunBefore;
    private boolean begun;
    private boolean settled;
    private Thread inHandler;
    private Instant deadline;
    private Ask asked;
    private Instant askedAt;

    /** @param cancelled whether the message says already that the job is to end: then nobody has to ask */
    ActiveRun(UUID job, long messageFence, boolean cancelled) {
        this.job = job;
        this.messageFence = messageFence;
        this.cancelled = cancelled;
    }

    /** Whether this process has begun the run by an earlier delivery, and not committed how it ended. */
    synchronized boolean begunBefore() {
        return begunBefore;
    }

    synchronized void markBegunBefore() {
        begunBefore = true;
    }

    /** The end of the run is committed, or somebody else's. */
    synchronized void settle() {
        settled = true;
    }

    /** Whether its handler was begun, and nobody has committed how that ended. */
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
        inHandler = Thread.currentThread();
        deadline = until;
        if (asked != null) {
            inHandler.interrupt();
        }
    }

    /** From here on nobody interrupts the thread, and a late interruption is cleared. */
    synchronized void leaveHandler() {
        inHandler = null;
        Thread.interrupted();
    }

    /** Asks the run to stop; the first reason stays. */
    synchronized void ask(Ask why, Instant now) {
        if (asked == null && !(cancelled && why == Ask.CANCEL)) {
            asked = why;
            askedAt = now;
            if (inHandler != null) {
                inHandler.interrupt();
            }
        }
    }

    /** Null while nobody asked. */
    synchronized Ask asked() {
        return asked;
    }

    /** Whether the handler goes on although its time is over, or although it was asked to stop a while ago. */
    synchronized boolean overdue(Instant now) {
        return inHandler != null && (now.isAfter(deadline) || (askedAt != null && now.isAfter(askedAt.plus(PATIENCE))));
    }
}
