package azukari.api;

import azukari.broker.BrokerCheck;
import azukari.catalog.Catalog;
import azukari.database.Database;
import azukari.database.DatabaseUnavailableException;
import azukari.dispatch.ActiveRuns;
import azukari.node.Lifecycle;
import azukari.platform.Json;
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

/** Whether this node is alive, and whether it takes work. */
@Path("health")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class HealthResource {
    private static final int MOST_SHOWN = 10;

    @Inject
    private Database database;

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

    private record Check(String name, boolean up, boolean needed, String detail) {}

    /** The process answers. */
    @GET
    @Path("live")
    public String live() {
        return Json.write(Json.object().put("status", "UP"));
    }

    /** 200 while events can be accepted; the broker may be away meanwhile. */
    @GET
    @Path("ready")
    public Response ready() {
        List<Check> checks = new ArrayList<>();
        checks.add(database());
        checks.add(new Check("catalogue", true, true, catalog.items().size() + " event types"));
        checks.add(broker.problem()
                .map(problem -> new Check("broker", false, false, problem))
                .orElse(new Check("broker", true, false, "answers")));
        checks.add(new Check("node", lifecycle.isUp(), true, lifecycle.isUp() ? "takes work" : "starting or draining"));
        checks.add(runs());
        boolean ready = checks.stream().allMatch(check -> check.up() || !check.needed());
        ObjectNode document = Json.object();
        document.put("status", ready ? "UP" : "DOWN");
        ArrayNode list = document.putArray("checks");
        checks.forEach(check -> list.addObject()
                .put("name", check.name())
                .put("status", check.up() ? "UP" : "DOWN")
                .put("detail", check.detail()));
        return Response.status(ready ? 200 : 503).entity(Json.write(document)).build();
    }

    private Check database() {
        try {
            database.read(em -> em.createNativeQuery("SELECT 1").getSingleResult());
            return new Check("database", true, true, "answers");
        } catch (DatabaseUnavailableException e) {
            return new Check("database", false, true, "does not answer");
        }
    }

    /** Runs that ignore being asked to stop don't make the node unready; somebody should look at them. */
    private Check runs() {
        List<UUID> overdue = activeRuns.overdue(clock.instant());
        String detail = overdue.isEmpty()
                ? activeRuns.count() + " running"
                : overdue.size() + " ignore being asked to stop: "
                        + overdue.stream().limit(MOST_SHOWN).toList();
        return new Check("runs", overdue.isEmpty(), false, detail);
    }
}
