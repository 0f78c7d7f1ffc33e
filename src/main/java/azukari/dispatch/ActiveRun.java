package azukari.dispatch;

import java.time.Instant;
import java.util.UUID;

/**
 * One message that this process is working on, from before its claim until after its finish. A time-out and a shutdown only
 * ask (rule 6): they set a flag and interrupt the thread while, and only while, it is in the handler.
 */
final class ActiveRun {
    /** Why a run was asked to stop. */
    enum Ask {
        TIMEOUT,
        SHUTDOWN
    }

    private final UUID job;
    private final long messageFence;
    private Thread inHandler;
    private Instant deadline;
    private Ask asked;

    ActiveRun(UUID job, long messageFence) {
        this.job = job;
        this.messageFence = messageFence;
    }

    UUID job() {
        return job;
    }

    long messageFence() {
        return messageFence;
    }

    synchronized void enterHandler(Instant until) {
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
    synchronized void ask(Ask why) {
        if (asked == null) {
            asked = why;
            if (inHandler != null) {
                inHandler.interrupt();
            }
        }
    }

    /** Null while nobody asked. */
    synchronized Ask asked() {
        return asked;
    }

    /** Whether the handler goes on although its time is over. */
    synchronized boolean overdue(Instant now) {
        return inHandler != null && now.isAfter(deadline);
    }
}
