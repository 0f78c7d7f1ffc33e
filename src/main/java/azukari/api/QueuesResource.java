package azukari.api;

import azukari.broker.DeadLetterBox;
import azukari.broker.DeadLetterBox.DeadLetter;
import azukari.broker.DeadLetterBox.Retried;
import azukari.broker.Queues;
import azukari.database.Database;
import azukari.job.JobTable;
import azukari.platform.Json;
import azukari.platform.Lane;
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
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The broker queues of the lanes. */
@Path("queues")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class QueuesResource {
    /** QUEUED jobs are counted up to here, over all lanes. */
    private static final int MOST_COUNTED = 100_000;

    @Inject
    private Queues queues;

    @Inject
    private DeadLetterBox deadLetters;

    @Inject
    private Database database;

    /** The state of each lane's queue. */
    @GET
    public String list(@Context UriInfo uri) {
        new Query(uri.getQueryParameters(), Set.of());
        ObjectNode document = Json.object();
        ArrayNode items = document.putArray("items");
        Map<String, Integer> jobs = database.read(em -> JobTable.countQueued(em, MOST_COUNTED));
        for (Lane lane : Lane.values()) {
            items.add(document(lane.written(), jobs.getOrDefault(lane.written(), 0), queues.state(lane.written())));
        }
        return Json.write(document);
    }

    /** Stops the lane from starting jobs, on every node; running jobs continue. */
    @POST
    @Path("{name}/pause")
    public String pause(@PathParam("name") String name) {
        String lane = lane(name);
        return Json.write(document(lane, jobs(lane), queues.setPaused(lane, true)));
    }

    /** Lets the lane start jobs again. */
    @POST
    @Path("{name}/resume")
    public String resume(@PathParam("name") String name) {
        String lane = lane(name);
        return Json.write(document(lane, jobs(lane), queues.setPaused(lane, false)));
    }

    /** The lane's dead letters, oldest first. */
    @GET
    @Path("{name}/dead-letters")
    public String deadLetters(@PathParam("name") String name, @Context UriInfo uri) {
        String lane = lane(name);
        Query query = new Query(uri.getQueryParameters(), Set.of("limit", "after"));
        int limit = query.limit();
        List<DeadLetter> page = deadLetters
                .page(lane, query.text("after"), limit)
                .orElseThrow(() -> ProblemException.badRequest(
                        "'after' is not the id of a dead letter that still exists; start again without it"));
        ObjectNode document = Json.object();
        ArrayNode items = document.putArray("items");
        page.forEach(letter -> items.add(document(letter)));
        document.put("next", page.size() < limit ? null : page.get(limit - 1).id());
        return Json.write(document);
    }

    /** Sends dead letters back to the lane: those listed, or all. */
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
                .orElseThrow(() -> ProblemException.notFound("queue " + name + " does not exist; the queues are "
                        + Arrays.stream(Lane.values()).map(Lane::written).collect(Collectors.joining(", "))));
    }

    private int jobs(String lane) {
        return database.read(em -> JobTable.countQueued(em, MOST_COUNTED)).getOrDefault(lane, 0);
    }

    private static ObjectNode document(String lane, int jobs, Queues.State state) {
        return Json.object()
                .put("name", lane)
                .put("jobs", jobs)
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
