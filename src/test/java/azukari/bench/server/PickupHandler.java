package azukari.bench.server;

import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.RunContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import tools.jackson.databind.JsonNode;

/** Says when it began. */
@Named("benchPickup")
@ApplicationScoped
public class PickupHandler implements Handler<JsonNode> {
    public static final String CODE = "BENCH_PICKUP";

    @Inject
    private Pickups pickups;

    @Override
    public Outcome handle(JsonNode body, RunContext run) {
        pickups.began(run.jobId());
        return Outcome.succeeded();
    }
}
