package azukari.api;

import azukari.catalog.Catalog;
import azukari.platform.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The catalogue of event types. */
@Path("event-types")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class EventTypesResource {
    @Inject
    private Catalog catalog;

    /** All event types, sorted by code. */
    @GET
    public String list() {
        ObjectNode document = Json.object();
        ArrayNode items = document.putArray("items");
        catalog.items().forEach(type -> items.add(type.toJson()));
        return Json.write(document);
    }

    /** One event type. */
    @GET
    @Path("{code}")
    public String one(@PathParam("code") String code) {
        return Json.write(catalog.find(code)
                .orElseThrow(() -> ProblemException.notFound("event type " + code + " does not exist"))
                .toJson());
    }
}
