package azukari.bench.server;

import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.RunContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.JsonNode;

/** Runs until the process dies. */
@Named("benchLong")
@ApplicationScoped
public class LongHandler implements Handler<JsonNode> {
    public static final String CODE = "BENCH_LONG";

    @Override
    public Outcome handle(JsonNode body, RunContext run) throws InterruptedException {
        new CountDownLatch(1).await();
        return Outcome.succeeded();
    }
}
