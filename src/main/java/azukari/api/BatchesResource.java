package azukari.api;

import azukari.intake.Batch;
import azukari.intake.Intake;
import azukari.intake.InvalidItemException;
import azukari.intake.RequestIdReusedException;
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
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Accepts events that are posted together, and waited for together. */
@Path("batches")
@ApplicationScoped
public class BatchesResource {
    /** What is read takes several times the memory of its text. */
    private static final int MOST_AT_ONCE = 2;

    /** A batch may be as long as so many events of the greatest length. */
    private static final int EVENTS_IN_A_BATCH = 16;

    private static final int LONGEST_WAIT_SECONDS = 10;
    private static final MediaType LINES = MediaType.valueOf(BatchRequest.LINES);

    private final Semaphore places = new Semaphore(MOST_AT_ONCE, true);

    @Inject
    private Intake intake;

    @Inject
    private Forecasts forecasts;

    @Inject
    private Settings settings;

    /** Accepts a batch in either format; answers 202 once all of it is durable. */
    @POST
    @Consumes({MediaType.APPLICATION_JSON, BatchRequest.LINES})
    @Produces(MediaType.APPLICATION_JSON)
    public Response post(InputStream body, @Context HttpHeaders headers, @Context UriInfo uri) {
        byte[] text = RequestBody.read(body, headers, settings.maxBody() * EVENTS_IN_A_BATCH);
        List<String> keys = headers.getRequestHeader("Idempotency-Key");
        boolean lines = LINES.isCompatible(headers.getMediaType());
        enter();
        try {
            BatchRequest request = new BatchRequest(text, settings.maxBody());
            Batch batch = lines ? request.lines(uri.getQueryParameters(), keys) : request.document(keys);
            return Accepted.answer(intake.accept(batch), forecasts);
        } catch (InvalidItemException e) {
            throw new ProblemException(
                    new Problem(422, "invalid-event", "Invalid batch", e.getMessage(), e.violations(), e.index()));
        } catch (RequestIdReusedException e) {
            throw Accepted.reused(e);
        } finally {
            places.release();
        }
    }

    private void enter() {
        try {
            if (places.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ProblemException(Problem.of(
                503,
                "unavailable",
                "Service unavailable",
                "other batches are being accepted; repeat the request with the same requestId"));
    }
}
