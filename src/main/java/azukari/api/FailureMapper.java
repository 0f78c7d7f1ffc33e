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

/** Whatever goes wrong in a request becomes a problem document; no stack trace leaves. */
@Provider
public class FailureMapper implements ExceptionMapper<Throwable> {
    private static final Logger LOG = System.getLogger(FailureMapper.class.getName());
    private static final int RETRY_AFTER_SECONDS = 2;
    /** Only events have a body that is read. */
    static final String EVENT_TYPES = "send Content-Type: application/json, or " + CloudEventRequest.MEDIA_TYPE;

    private static final Duration SAY_PAUSE = Duration.ofSeconds(10);

    private final AtomicLong unavailable = new AtomicLong();
    private final AtomicLong saidAt = new AtomicLong();

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof ProblemException e) {
            return e.problem().response().build();
        }
        if (failure instanceof WebApplicationException e) {
            return fromContainer(e);
        }
        if (failure instanceof DatabaseUnavailableException || failure instanceof TransactionConflictException) {
            say(failure);
            return Problem.of(
                            503,
                            "unavailable",
                            "Not available just now",
                            "the database is away; send the request again, with the same requestId")
                    .response()
                    .header("Retry-After", RETRY_AFTER_SECONDS)
                    .build();
        }
        if (failure instanceof BrokerUnavailableException) {
            say(failure);
            return Problem.of(503, "unavailable", "Not available just now", failure.getMessage())
                    .response()
                    .header("Retry-After", RETRY_AFTER_SECONDS)
                    .build();
        }
        if (failure instanceof DataRefusedException) {
            LOG.log(Level.WARNING, "a request is answered 422: {0}", failure.getMessage());
            return Problem.of(422, "not-storable", "The event can't be stored", failure.getMessage())
                    .response()
                    .build();
        }
        LOG.log(Level.ERROR, "a request failed, and is answered 500", failure);
        return Problem.of(500, "internal", "Something is wrong here", "the cause is in the server's log")
                .response()
                .build();
    }

    /** Not for each request: an outage meets them all. */
    private void say(Throwable failure) {
        long count = unavailable.incrementAndGet();
        long now = System.nanoTime();
        long last = saidAt.get();
        if ((count == 1 || now - last >= SAY_PAUSE.toNanos()) && saidAt.compareAndSet(last, now)) {
            LOG.log(Level.WARNING, "requests are answered 503, {0} so far: {1}", count, failure.getMessage());
        }
    }

    private static Response fromContainer(WebApplicationException failure) {
        Response original = failure.getResponse();
        String allowed = original.getHeaderString("Allow");
        Problem problem = ofStatus(
                original.getStatus(), original.getStatusInfo().getReasonPhrase(), allowed == null ? "others" : allowed);
        Response.ResponseBuilder response = problem.response();
        if (allowed != null) {
            response.header("Allow", allowed);
        }
        return response.build();
    }

    /**
     * The problem that a status of the container's stands for.
     *
     * @param allowed which methods the address takes, for 405
     */
    static Problem ofStatus(int status, String reason, String allowed) {
        return switch (status) {
            case 404 -> Problem.of(404, "not-found", "There is no such thing", "nothing is found under this address");
            case 405 ->
                Problem.of(
                        405,
                        "method-not-allowed",
                        "Method not allowed",
                        "this address does not take this method; it takes " + allowed);
            case 406 ->
                Problem.of(
                        406, "not-acceptable", "Not acceptable", "Accept rules out all that this address answers with");
            case 415 -> unsupportedMediaType(EVENT_TYPES);
            case 400 ->
                Problem.of(400, "bad-request", "The request can't be read", "its address or a header is malformed");
            default -> Problem.of(status, "http", reason, reason);
        };
    }

    static Problem unsupportedMediaType(String detail) {
        return Problem.of(415, "unsupported-media-type", "Unsupported media type", detail);
    }
}
