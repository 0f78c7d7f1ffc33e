package azukari.dispatch;

import azukari.handler.RunContext;
import azukari.job.RunRef;
import azukari.outbox.Envelope;
import java.time.Instant;
import java.util.UUID;

/** A run on a lane, as its handler sees it. */
record LaneRun(Envelope event, RunRef ref, ActiveRun active, Instant deadline, ProgressSink notes)
        implements RunContext {
    @Override
    public UUID jobId() {
        return event.job();
    }

    @Override
    public int run() {
        return ref.number();
    }

    @Override
    public int attempt() {
        return ref.attempt();
    }

    @Override
    public int maxAttempts() {
        return event.maxAttempts();
    }

    @Override
    public String submitter() {
        return event.submitter();
    }

    @Override
    public String requestId() {
        return event.requestId();
    }

    @Override
    public UUID root() {
        return event.root();
    }

    @Override
    public UUID parent() {
        return event.parent();
    }

    @Override
    public boolean cancelled() {
        return active.asked() != null;
    }

    @Override
    public void progress(int percent, String message) {
        notes.note(ref, new ProgressNote(percent, message));
    }
}
