package azukari.testkit;

import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.Probe;
import azukari.handler.RunContext;

/** Records whether the handler was called. */
final class Watched<B> implements Handler<B> {
    private final Handler<B> handler;
    private boolean handled;

    Watched(Handler<B> handler) {
        this.handler = handler;
    }

    boolean handled() {
        return handled;
    }

    @Override
    public Outcome handle(B body, RunContext run) throws Exception {
        handled = true;
        return handler.handle(body, run);
    }

    @Override
    public Probe probe(B body, RunContext run) throws Exception {
        return handler.probe(body, run);
    }
}
