package azukari.api;

import azukari.intake.RequestIdReusedException;
import azukari.job.Job;
import azukari.limit.Forecasts;
import azukari.platform.Json;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;

/** What answers a request that became a job. */
final class Accepted {
    /** When a client should first poll: soon, because most jobs are short. */
    private static final int RETRY_AFTER_SECONDS = 1;

    private Accepted() {}

    static Response answer(Job job, Forecasts forecasts) {
        return of(job, Json.write(JobDocument.whole(job, forecasts))).build();
    }

    static Response.ResponseBuilder of(Job job, String document) {
        return Response.accepted(document)
                .location(URI.create("jobs/" + job.id()))
                .header("Retry-After", RETRY_AFTER_SECONDS);
    }

    static ProblemException reused(RequestIdReusedException e) {
        return new ProblemException(
                new Problem(422, "request-id-reused", "Request id already in use", e.getMessage(), List.of()));
    }
}
