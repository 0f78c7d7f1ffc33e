package azukari;

import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.RunContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import tools.jackson.databind.JsonNode;

/** Beans that the poison test puts into a copy of the WAR. */
public final class PoisonHandlers {
    private PoisonHandlers() {}

    /** Ends the process, a moment after it was called. */
    @Named("killer")
    @ApplicationScoped
    public static class Killer implements Handler<JsonNode> {
        @Override
        public Outcome handle(JsonNode body, RunContext run) throws InterruptedException {
            Thread.sleep(1_000);
            Runtime.getRuntime().halt(137);
            return Outcome.succeeded();
        }
    }

    /** Takes its time, and succeeds. */
    @Named("innocent")
    @ApplicationScoped
    public static class Innocent implements Handler<JsonNode> {
        @Override
        public Outcome handle(JsonNode body, RunContext run) throws InterruptedException {
            Thread.sleep(8_000);
            return Outcome.succeeded();
        }
    }
}
