package azukari.api;

import azukari.broker.BrokerCheck;
import azukari.catalog.Catalog;
import azukari.dispatch.ActiveRuns;
import azukari.intake.Intake;
import azukari.node.Heartbeat;
import azukari.node.Lifecycle;
import azukari.platform.Json;
import azukari.platform.Loop;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Liveness and readiness of this node. */
@Path("health")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class HealthResource {
    private static final int MAX_SHOWN = 10;

    @Inject
    private Heartbeat heartbeat;

    @Inject
    private Intake intake;

    @Inject
    private Catalog catalog;

    @Inject
    private BrokerCheck broker;

    @Inject
    private ActiveRuns activeRuns;

    @Inject
    private Lifecycle lifecycle;

    @Inject
    private Clock clock;

    /**
     * A part of the node.
     *
     * @param needed whether the node is unready without it
     */
    record Check(String name, boolean up, boolean needed, String detail) {}

    /** Answers as long as the process is alive. */
    @GET
    @Path("live")
    public String live() {
        return Json.write(Json.object().put("status", "UP"));
    }

    /** Answers 200 while the node can accept events, even if the broker is unavailable. */
    @GET
    @Path("ready")
    public Response ready() {
        List<Check> checks = new ArrayList<>();
        checks.add(database());
        checks.add(new Check("catalogue", true, true, catalog.items().size() + " event types"));
        checks.add(broker.problem()
                .map(problem -> new Check("broker", false, false, problem))
                .orElse(new Check("broker", true, false, "responding")));
        checks.add(new Check(
                "node", lifecycle.isUp(), true, lifecycle.isUp() ? "accepting work" : "starting up or draining"));
        checks.add(runs());
        checks.add(loops(Loop.stalled()));
        return Response.status(isReady(checks) ? 200 : 503)
                .entity(Json.write(document(checks)))
                .build();
    }

    private static boolean isReady(List<Check> checks) {
        return checks.stream().allMatch(check -> check.up() || !check.needed());
    }

    static ObjectNode document(List<Check> checks) {
        ObjectNode document = Json.object();
        document.put("status", isReady(checks) ? "UP" : "DOWN");
        ArrayNode list = document.putArray("checks");
        checks.forEach(check -> list.addObject()
                .put("name", check.name())
                .put("status", check.up() ? "UP" : "DOWN")
                .put("detail", check.detail()));
        return document;
    }

    private Check database() {
        if (heartbeat.isCurrent() && intake.isRefusing()) {
            return new Check("database", false, true, "responding, but not storing what is posted");
        }
        return heartbeat.isCurrent()
                ? new Check("database", true, true, "responding")
                : new Check("database", false, true, "not responding");
    }

    /** A loop that fails may be of one kind of work alone, so it does not make the node unready. */
    static Check loops(List<String> stalled) {
        return new Check(
                "loops",
                stalled.isEmpty(),
                false,
                stalled.isEmpty() ? "going through" : "not gone through for a minute or more: " + stalled);
    }

    /** Runs that ignore a stop request do not make the node unready, but an operator should look at them. */
    private Check runs() {
        List<UUID> overdue = activeRuns.overdue(clock.instant());
        String detail = overdue.isEmpty()
                ? activeRuns.count() + " running"
                : overdue.size() + " ignoring a stop request: "
                        + overdue.stream().limit(MAX_SHOWN).toList();
        return new Check("runs", overdue.isEmpty(), false, detail);
    }
}
