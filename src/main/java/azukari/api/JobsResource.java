package azukari.api;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.database.Database;
import azukari.dispatch.Operations;
import azukari.dispatch.RefusedException;
import azukari.job.Job;
import azukari.job.JobFilter;
import azukari.job.JobPage;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.RunEntry;
import azukari.limit.Forecasts;
import azukari.platform.Json;
import azukari.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reading jobs and operating on them. */
@Path("jobs")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class JobsResource {
    private static final Set<String> FILTERS =
            Set.of("state", "code", "root", "parent", "requestId", "submitter", "channel", "limit", "after");
    private static final Set<String> PAGE = Set.of("limit", "after");
    private static final int MAX_CHAIN_JOBS = 10_000;

    @Inject
    private Database database;

    @Inject
    private Operations operations;

    @Inject
    private Catalog catalog;

    @Inject
    private Forecasts forecasts;

    @Inject
    private Settings settings;

    /** Lists jobs, newest first. */
    @GET
    public String list(@Context UriInfo uri) {
        Query query = new Query(uri.getQueryParameters(), FILTERS);
        String channel = query.text("channel");
        String code = query.text("code");
        List<String> codes = channel == null ? Collections.singletonList(code) : codesOf(channel, code);
        Function<String, JobFilter> filter = ofCode -> new JobFilter(
                query.constant("state", JobState.class),
                ofCode,
                query.id("root"),
                query.id("parent"),
                query.text("requestId"),
                query.text("submitter"),
                query.id("after"));
        int limit = query.limit();
        JobPage page = codes.stream()
                .map(ofCode -> database.readInOrder(em -> filter.apply(ofCode).page(em, limit)))
                .reduce((one, other) -> one.and(other, limit))
                .orElse(new JobPage(List.of(), null));
        ObjectNode document = Json.object();
        ArrayNode items = document.putArray("items");
        Set<UUID> paused = JobDocument.paused(page.jobs(), forecasts);
        page.jobs().forEach(job -> items.add(JobDocument.of(job, paused)));
        document.put("next", page.next() == null ? null : page.next().toString());
        return Json.write(document);
    }

    /** The event types whose calls go through the channel, by the catalogue of this node. */
    private List<String> codesOf(String channel, String code) {
        return catalog.items().stream()
                .filter(type ->
                        type.channels().stream().anyMatch(use -> use.name().equals(channel)))
                .map(EventType::code)
                .filter(found -> code == null || code.equals(found))
                .toList();
    }

    /** One job, or 304 if the client's copy is current. */
    @GET
    @Path("{id}")
    public Response one(@PathParam("id") String id, @Context HttpHeaders headers) {
        String document = Json.write(JobDocument.whole(find(id), forecasts));
        return answer(document, headers.getRequestHeader(HttpHeaders.IF_NONE_MATCH))
                .build();
    }

    /** @param known the lines of {@code If-None-Match}; null if absent */
    static Response.ResponseBuilder answer(String document, List<String> known) {
        String tag = EntityTags.of(document);
        Response.ResponseBuilder answer =
                EntityTags.anyMatches(known, tag) ? Response.notModified() : Response.ok(document);
        return answer.header(HttpHeaders.ETAG, EntityTags.quoted(tag));
    }

    /** The job's ledger of runs, oldest first. */
    @GET
    @Path("{id}/runs")
    public String runs(@PathParam("id") String id, @Context UriInfo uri) {
        Query query = new Query(uri.getQueryParameters(), PAGE);
        int limit = query.limit(Query.LARGEST_LIMIT);
        int after = query.run("after");
        Job job = find(id);
        List<ObjectNode> found = new ArrayList<>();
        List<RunEntry> ended = database.read(em -> JobTable.runs(em, job, after, limit + 1));
        ended.forEach(run -> found.add(JobDocument.of(run)));
        boolean endedMeanwhile = !ended.isEmpty() && ended.get(ended.size() - 1).number() == job.run();
        if (job.state() == JobState.RUNNING && !endedMeanwhile && job.run() > after) {
            found.add(JobDocument.runningRun(job));
        }
        List<ObjectNode> page = found.subList(0, Math.min(limit, found.size()));
        ObjectNode document = Json.object();
        ArrayNode items = document.putArray("items");
        page.forEach(items::add);
        String last = found.size() > limit ? page.get(limit - 1).path("number").asString() : null;
        document.put("next", last);
        return Json.write(document);
    }

    /** The whole chain that the job belongs to, as a tree from the root. */
    @GET
    @Path("{id}/chain")
    public String chain(@PathParam("id") String id) {
        UUID root = find(id).root();
        List<Job> jobs = database.read(em -> JobTable.chain(em, root, MAX_CHAIN_JOBS + 1));
        return Json.write(ChainDocument.of(root, jobs, MAX_CHAIN_JOBS, JobDocument.paused(jobs, forecasts))
                .orElseThrow(() -> ProblemException.notFound("the first job of the chain has been deleted")));
    }

    /** Cancels the job; a running job ends when its handler returns. */
    @POST
    @Path("{id}/cancel")
    public Response cancel(@PathParam("id") String id) {
        return changed(id, operations::cancel);
    }

    /** Runs a job again that ended without success. */
    @POST
    @Path("{id}/retry")
    public Response retry(@PathParam("id") String id) {
        return changed(id, operations::retry);
    }

    /** Ends the doubt about an UNCERTAIN job, or runs it again. */
    @POST
    @Path("{id}/resolve")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response resolve(@PathParam("id") String id, InputStream body, @Context HttpHeaders headers) {
        Resolution resolution = Resolution.read(RequestBody.read(body, headers, settings.maxBody()));
        return changed(id, job -> operations.resolve(job, resolution.decision(), resolution.result()));
    }

    /** Abandons a run that ignores a stop request. */
    @POST
    @Path("{id}/abandon")
    public Response abandon(@PathParam("id") String id) {
        return changed(id, operations::abandon);
    }

    private Response changed(String id, Function<UUID, Optional<Job>> operation) {
        UUID uuid = Query.uuid(id);
        try {
            Job job = (uuid == null ? Optional.<Job>empty() : operation.apply(uuid)).orElseThrow(() -> unknown(id));
            return Response.accepted(Json.write(JobDocument.whole(job, forecasts)))
                    .build();
        } catch (RefusedException e) {
            throw ProblemException.conflict("job " + id + ": " + e.getMessage());
        }
    }

    private static ProblemException unknown(String id) {
        return ProblemException.notFound("job " + id + " does not exist");
    }

    Job find(String id) {
        UUID uuid = Query.uuid(id);
        return (uuid == null ? Optional.<Job>empty() : database.read(em -> JobTable.find(em, uuid)))
                .orElseThrow(() -> unknown(id));
    }
}
