package azukari.api;

import azukari.catalog.Violation;
import azukari.intake.Intake;
import azukari.intake.InvalidEventException;
import azukari.intake.RequestIdReusedException;
import azukari.intake.Submission;
import azukari.job.Job;
import azukari.limit.Forecasts;
import azukari.platform.Json;
import azukari.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** Accepts events. */
@Path("events")
@ApplicationScoped
public class EventsResource {
    private static final MediaType CLOUD_EVENT = MediaType.valueOf(CloudEventRequest.MEDIA_TYPE);
    /** When a client should first poll: soon, because most jobs are short. */
    private static final int RETRY_AFTER_SECONDS = 1;

    @Inject
    private Forecasts forecasts;

    @Inject
    private Intake intake;

    @Inject
    private Settings settings;

    /** Accepts an event in either format; answers 202 once it is durable. */
    @POST
    @Consumes({MediaType.APPLICATION_JSON, CloudEventRequest.MEDIA_TYPE})
    @Produces(MediaType.APPLICATION_JSON)
    public Response post(InputStream body, @Context HttpHeaders headers) {
        Job job = accept(body, headers);
        ObjectNode document = JobDocument.whole(job, forecasts);
        return accepted(job.id(), Json.write(document)).build();
    }

    Job accept(InputStream body, HttpHeaders headers) {
        byte[] text = RequestBody.read(body, headers, settings.maxBody());
        boolean cloudEvent = CLOUD_EVENT.isCompatible(headers.getMediaType());
        List<String> keys = headers.getRequestHeader("Idempotency-Key");
        Submission submission = cloudEvent ? CloudEventRequest.read(text, keys) : EventRequest.read(text, keys);
        return accept(submission, cloudEvent);
    }

    private Job accept(Submission submission, boolean cloudEvent) {
        try {
            return intake.accept(submission);
        } catch (InvalidEventException e) {
            List<Violation> violations = cloudEvent
                    ? e.violations().stream().map(CloudEventRequest::repointed).toList()
                    : e.violations();
            throw new ProblemException(new Problem(422, "invalid-event", "Invalid event", e.getMessage(), violations));
        } catch (RequestIdReusedException e) {
            throw new ProblemException(
                    new Problem(422, "request-id-reused", "Request id already in use", e.getMessage(), List.of()));
        }
    }

    static Response.ResponseBuilder accepted(UUID job, String document) {
        return Response.accepted(document)
                .location(URI.create("jobs/" + job))
                .header("Retry-After", RETRY_AFTER_SECONDS);
    }
}
