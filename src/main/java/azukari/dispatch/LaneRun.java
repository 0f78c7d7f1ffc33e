package azukari.dispatch;

import azukari.catalog.EventType;
import azukari.handler.CallChannel;
import azukari.handler.RunContext;
import azukari.job.Event;
import azukari.platform.SystemClock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A run on a lane, as its handler sees it. */
record LaneRun(Run claimed, Instant deadline, ProgressSink notes, CallSlots slots) implements RunContext {
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
    public CallChannel channel(String name) {
        EventType type = claimed.work().type();
        if (type.channels().stream().noneMatch(use -> use.name().equals(name))) {
            throw new IllegalArgumentException(type.code() + " does not name channel " + name
                    + " in its document, so its calls are not limited by it");
        }
        return event().limited()
                ? () -> acquire(name)
                : () -> {}; // Stored before its type named a channel: it has no permit.
    }

    private void acquire(String channel) throws InterruptedException {
        CallSlots.Call call = CallSlots.Call.of(claimed.job(), channel);
        while (true) {
            CallSlots.Answer answer = slots.take(call);
            if (answer.slot() != null) {
                if (answer.slot().await()) {
                    return;
                }
                call = call.after(answer.slot());
                continue;
            }
            Instant again = SystemClock.utc().instant().plus(answer.pause());
            if (again.isAfter(deadline)) {
                throw NoSlotException.forFurtherCall(channel);
            }
            TimeUnit.NANOSECONDS.sleep(answer.pause().toNanos());
        }
    }

    @Override
    public void awaitSlot() throws InterruptedException {
        if (!event().limited()) {
            return;
        }
        claimed.active().beginWait();
        try {
            if (!slots.await(claimed.job(), claimed.active().useSlot())) {
                throw NoSlotException.forCall();
            }
        } finally {
            claimed.active().endWait();
        }
    }

    @Override
    public void noCallsBefore(Instant time) {
        claimed.active().noCallsBefore(time);
    }

    @Override
    public void progress(int percent, String message) {
        notes.note(claimed.ref(), new ProgressNote(percent, message));
    }
}
