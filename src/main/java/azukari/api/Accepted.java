package azukari.api;

import azukari.intake.RequestIdReusedException;
import azukari.job.Job;
import azukari.limit.Forecasts;
import azukari.platform.Json;
import azukari.platform.SystemClock;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What answers a request that became a job. */
final class Accepted {
    /** When a client should first poll: soon, because most jobs are short. */
    private static final long SOON = 1;

    private static final long LONGEST = 3600;

    private Accepted() {}

    /** The document, and when to poll: not before the job is expected to begin, or what it waits for to end. */
    static Response answer(Job job, Forecasts forecasts) {
        ObjectNode document = JobDocument.whole(job, forecasts);
        return of(job, Json.write(document), retryAfter(document.path("waiting")))
                .build();
    }

    static Response.ResponseBuilder of(Job job, String document) {
        return of(job, document, SOON);
    }

    private static Response.ResponseBuilder of(Job job, String document, long retryAfter) {
        return Response.accepted(document)
                .location(URI.create("jobs/" + job.id()))
                .header("Retry-After", retryAfter);
    }

    private static long retryAfter(JsonNode waiting) {
        JsonNode time = waiting.hasNonNull("expectedEnd") ? waiting.get("expectedEnd") : waiting.path("expectedStart");
        if (!time.isString()) {
            return SOON;
        }
        Duration until = Duration.between(SystemClock.utc().instant(), Instant.parse(time.stringValue()));
        return Math.min(LONGEST, Math.max(SOON, until.plusMillis(999).toSeconds()));
    }

    static ProblemException reused(RequestIdReusedException e) {
        return new ProblemException(
                new Problem(422, "request-id-reused", "Request id already in use", e.getMessage(), List.of()));
    }
}
