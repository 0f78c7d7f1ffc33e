package azukari.api;

import azukari.broker.DeadLetterBox;
import azukari.broker.DeadLetterBox.DeadLetter;
import azukari.broker.DeadLetterBox.Retried;
import azukari.broker.Queues;
import azukari.catalog.Lane;
import azukari.platform.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The lanes' queues at the broker. */
@Path("queues")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class QueuesResource {
    @Inject
    private Queues queues;

    @Inject
    private DeadLetterBox deadLetters;

    /** How each lane's queue is. */
    @GET
    public String list(@Context UriInfo uri) {
        new Query(uri.getQueryParameters(), Set.of());
        ObjectNode document = Json.object();
        ArrayNode items = document.putArray("items");
        for (Lane lane : Lane.values()) {
            items.add(document(lane.written(), queues.state(lane.written())));
        }
        return Json.write(document);
    }

    /** No job of the lane begins any more, on any node; those that run go on. */
    @POST
    @Path("{name}/pause")
    public String pause(@PathParam("name") String name) {
        String lane = lane(name);
        return Json.write(document(lane, queues.setPaused(lane, true)));
    }

    /** The lane goes on. */
    @POST
    @Path("{name}/resume")
    public String resume(@PathParam("name") String name) {
        String lane = lane(name);
        return Json.write(document(lane, queues.setPaused(lane, false)));
    }

    /** What was put aside, the oldest first. */
    @GET
    @Path("{name}/dead-letters")
    public String deadLetters(@PathParam("name") String name, @Context UriInfo uri) {
        String lane = lane(name);
        Query query = new Query(uri.getQueryParameters(), Set.of("limit", "after"));
        int limit = query.limit();
        List<DeadLetter> page = deadLetters
                .page(lane, query.text("after"), limit)
                .orElseThrow(() -> ProblemException.badRequest(
                        "'after' names no dead letter that is still there; begin without it"));
        ObjectNode document = Json.object();
        ArrayNode items = document.putArray("items");
        page.forEach(letter -> items.add(document(letter)));
        document.put("next", page.size() < limit ? null : page.get(limit - 1).id());
        return Json.write(document);
    }

    /** Puts dead letters back into the lane: those named, or all. */
    @POST
    @Path("{name}/dead-letters/retry")
    public String retry(@PathParam("name") String name, InputStream body, @Context HttpHeaders headers) {
        String lane = lane(name);
        Retried retried = deadLetters.retry(lane, DeadLetterIds.read(body, headers));
        ObjectNode document = Json.object();
        document.put("retried", retried.retried());
        ArrayNode missing = document.putArray("missing");
        retried.missing().forEach(missing::add);
        return Json.write(document);
    }

    private static String lane(String name) {
        return Arrays.stream(Lane.values())
                .map(Lane::written)
                .filter(name::equals)
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("there is no queue " + name + "; there are "
                        + Arrays.stream(Lane.values()).map(Lane::written).collect(Collectors.joining(", "))));
    }

    private static ObjectNode document(String lane, Queues.State state) {
        return Json.object()
                .put("name", lane)
                .put("messages", state.messages())
                .put("consumers", state.consumers())
                .put("delivering", state.delivering())
                .put("scheduled", state.scheduled())
                .put("deadLetters", state.deadLetters())
                .put("paused", state.paused());
    }

    private static ObjectNode document(DeadLetter letter) {
        return Json.object()
                .put("id", letter.id())
                .put("at", letter.at().toString())
                .put("job", letter.job() == null ? null : letter.job().toString())
                .put("reason", letter.reason())
                .put("text", letter.text());
    }
}
