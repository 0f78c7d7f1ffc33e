package azukari.api;

import azukari.catalog.Violation;
import azukari.intake.Intake;
import azukari.intake.InvalidEventException;
import azukari.intake.RequestIdReusedException;
import azukari.intake.Submission;
import azukari.job.Job;
import azukari.limit.Forecasts;
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
import java.util.List;

/** Accepts events. */
@Path("events")
@ApplicationScoped
public class EventsResource {
    private static final MediaType CLOUD_EVENT = MediaType.valueOf(CloudEventRequest.MEDIA_TYPE);

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
        return Accepted.answer(job, forecasts);
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
            throw Accepted.reused(e);
        }
    }
}
