package azukari.handler.bundled;

import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.RunContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import tools.jackson.databind.JsonNode;

/** Succeeds at once: for smoke tests and for measuring everything around a handler. */
@Named("noop")
@ApplicationScoped
class NoopHandler implements Handler<JsonNode> {
    @Override
    public Outcome handle(JsonNode body, RunContext run) {
        return Outcome.succeeded();
    }
}
