package azukari.api;

import azukari.database.DataRefusedException;
import azukari.database.DatabaseUnavailableException;
import azukari.database.TransactionConflictException;
import azukari.platform.BrokerUnavailableException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Turns every failure of a request into a problem document; stack traces never leave the server. */
@Provider
public class FailureMapper implements ExceptionMapper<Throwable> {
    private static final Logger LOG = System.getLogger(FailureMapper.class.getName());
    static final String EVENT_TYPES = "send Content-Type: application/json (also for an event: "
            + CloudEventRequest.MEDIA_TYPE + "; for a batch: " + BatchRequest.LINES + ")";

    private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);

    private final AtomicLong unavailable = new AtomicLong();
    private final AtomicLong loggedAt = new AtomicLong();

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof ProblemException e) {
            return e.problem().response().build();
        }
        if (failure instanceof WebApplicationException e) {
            return fromContainer(e);
        }
        if (failure instanceof DatabaseUnavailableException || failure instanceof TransactionConflictException) {
            logUnavailable(failure);
            return Problem.of(
                            503,
                            "unavailable",
                            "Service unavailable",
                            "the database is unavailable; repeat the request with the same requestId")
                    .response()
                    .build();
        }
        if (failure instanceof BrokerUnavailableException) {
            logUnavailable(failure);
            return Problem.of(503, "unavailable", "Service unavailable", failure.getMessage())
                    .response()
                    .build();
        }
        if (failure instanceof DataRefusedException) {
            LOG.log(Level.WARNING, "rejected a request with status 422: {0}", failure.getMessage());
            return Problem.of(422, "not-storable", "Event cannot be stored", failure.getMessage())
                    .response()
                    .build();
        }
        LOG.log(Level.ERROR, "a request failed with an unexpected error; answering 500", failure);
        return Problem.of(
                        500, "internal", "Internal server error", "the request failed unexpectedly; see the server log")
                .response()
                .build();
    }

    /** Logs at most once per interval, because an outage affects every request. */
    private void logUnavailable(Throwable failure) {
        long count = unavailable.incrementAndGet();
        long now = System.nanoTime();
        long last = loggedAt.get();
        if ((count == 1 || now - last >= LOG_INTERVAL.toNanos()) && loggedAt.compareAndSet(last, now)) {
            LOG.log(Level.WARNING, "answering requests with status 503, {0} so far: {1}", count, failure.getMessage());
        }
    }

    private static Response fromContainer(WebApplicationException failure) {
        Response original = failure.getResponse();
        String allowed = original.getHeaderString("Allow");
        Problem problem = ofStatus(
                original.getStatus(),
                original.getStatusInfo().getReasonPhrase(),
                allowed == null ? "other methods" : allowed);
        Response.ResponseBuilder response = problem.response();
        if (allowed != null) {
            response.header("Allow", allowed);
        }
        return response.build();
    }

    /**
     * The problem document for a status that the container chose.
     *
     * @param allowed the methods that the resource supports, for 405
     */
    static Problem ofStatus(int status, String reason, String allowed) {
        return switch (status) {
            case 404 -> Problem.of(404, "not-found", "Not found", "there is no resource at this path");
            case 405 ->
                Problem.of(
                        405,
                        "method-not-allowed",
                        "Method not allowed",
                        "this resource does not support the method; it supports " + allowed);
            case 406 ->
                Problem.of(
                        406,
                        "not-acceptable",
                        "Not acceptable",
                        "the Accept header excludes every media type that this resource offers");
            case 415 -> unsupportedMediaType(EVENT_TYPES);
            case 400 -> Problem.of(400, "bad-request", "Bad request", "the URL or a header is malformed");
            default -> Problem.of(status, "http", reason, reason);
        };
    }

    static Problem unsupportedMediaType(String detail) {
        return Problem.of(415, "unsupported-media-type", "Unsupported media type", detail);
    }
}
