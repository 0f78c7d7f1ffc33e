package azukari.handler.http;

import azukari.handler.CallChannel;
import azukari.handler.RunContext;
import java.time.Instant;
import java.util.UUID;

/** A run's context, as far as a target's handler asks for it. */
record TargetRun() implements RunContext {
    private static final UUID ID = UUID.randomUUID();

    @Override
    public UUID jobId() {
        return ID;
    }

    @Override
    public int run() {
        return 1;
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public int maxAttempts() {
        return 3;
    }

    @Override
    public String submitter() {
        return "tester";
    }

    @Override
    public String requestId() {
        return null;
    }

    @Override
    public UUID root() {
        return ID;
    }

    @Override
    public UUID parent() {
        return null;
    }

    @Override
    public Instant deadline() {
        return Instant.MAX;
    }

    @Override
    public boolean cancelled() {
        return false;
    }

    @Override
    public CallChannel channel(String name) {
        throw new IllegalStateException("a target makes one call");
    }

    @Override
    public void progress(int percent, String message) {
        throw new IllegalStateException("a target reports no progress");
    }
}
