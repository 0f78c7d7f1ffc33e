package azukari.api;

import azukari.job.Job;
import azukari.job.JobState;
import azukari.watch.JobWatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;

/** Requests that may be answered later ({@code Prefer: wait=N}), rerouted here by {@link WaitRouting}. */
@Path(WaitRouting.PREFIX)
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class WaitingResource {
    @Inject
    private EventsResource events;

    @Inject
    private JobsResource jobs;

    @Inject
    private JobWatch watch;

    /** Accepts an event; answers 200 with the job if it ends in time, 202 otherwise. */
    @POST
    @Path("events")
    @Consumes({MediaType.APPLICATION_JSON, CloudEventRequest.MEDIA_TYPE})
    public void post(InputStream body, @Context HttpHeaders headers, @Suspended AsyncResponse answer) {
        WaitPreference preference = preference(headers);
        Job job = events.accept(body, headers);
        WaitingAnswer waiting = new WaitingAnswer(
                answer,
                (state, document) -> state.ended(),
                (state, document) ->
                        applied(state.ended() ? Response.ok(document) : Accepted.of(job, document), preference));
        waiting.on(watch, job, preference);
    }

    /** One job, once its state has changed or, with {@code If-None-Match}, once its document differs from the client's. */
    @GET
    @Path("jobs/{id}")
    public void job(@PathParam("id") String id, @Context HttpHeaders headers, @Suspended AsyncResponse answer) {
        WaitPreference preference = preference(headers);
        List<String> known = headers.getRequestHeader(HttpHeaders.IF_NONE_MATCH);
        Job job = jobs.find(id);
        JobState before = job.state();
        WaitingAnswer waiting = new WaitingAnswer(
                answer,
                (state, document) -> state.ended()
                        || (known == null ? state != before : !EntityTags.anyMatches(known, EntityTags.of(document))),
                (state, document) -> applied(JobsResource.answer(document, known), preference));
        waiting.on(watch, job, preference);
    }

    private static WaitPreference preference(HttpHeaders headers) {
        return WaitPreference.read(headers.getRequestHeader("Prefer")).orElseThrow();
    }

    private static Response applied(Response.ResponseBuilder answer, WaitPreference preference) {
        return answer.header("Preference-Applied", preference.applied())
                .header(HttpHeaders.VARY, "Prefer")
                .build();
    }
}
