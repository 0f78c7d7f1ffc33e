package azukari.dispatch;

import azukari.handler.RunContext;
import azukari.job.Event;
import java.time.Instant;
import java.util.UUID;

/** A run on a lane, as its handler sees it. */
record LaneRun(Run claimed, Instant deadline, ProgressSink notes) implements RunContext {
    private Event event() {
        return claimed.work().event();
    }

    @Override
    public UUID jobId() {
        return claimed.job();
    }

    @Override
    public int run() {
        return claimed.ref().number();
    }

    @Override
    public int attempt() {
        return claimed.ref().attempt();
    }

    @Override
    public int maxAttempts() {
        return event().maxAttempts();
    }

    @Override
    public String submitter() {
        return event().submitter();
    }

    @Override
    public String requestId() {
        return event().requestId();
    }

    @Override
    public UUID root() {
        return event().root();
    }

    @Override
    public UUID parent() {
        return event().parent();
    }

    @Override
    public boolean cancelled() {
        return claimed.active().asked() != null;
    }

    @Override
    public void progress(int percent, String message) {
        notes.note(claimed.ref(), new ProgressNote(percent, message));
    }
}
