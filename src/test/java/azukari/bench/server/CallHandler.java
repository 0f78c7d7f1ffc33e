package azukari.bench.server;

import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.RunContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import tools.jackson.databind.JsonNode;

/** In the place of a call of the outside that is answered at once: notes when it began. */
@Named("benchCall")
@ApplicationScoped
public class CallHandler implements Handler<JsonNode> {
    /** Without a limit. */
    public static final String FREE = "BENCH_FREE";
    /** Through a channel with a rate. */
    public static final String RATED = "BENCH_RATED";
    /** Through a channel with a rate for each of many keys. */
    public static final String KEYED = "BENCH_KEYED";
    /** Through a channel with nothing but a concurrency. */
    public static final String HELD = "BENCH_HELD";

    @Inject
    private CallTimes times;

    @Override
    public Outcome handle(JsonNode body, RunContext run) {
        times.began();
        return Outcome.succeeded();
    }
}
