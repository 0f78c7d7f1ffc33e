package azukari.api;

import azukari.platform.DatabaseUnavailableException;
import azukari.platform.TransactionConflictException;
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
        Problem problem =
                switch (original.getStatus()) {
                    case 404 ->
                        Problem.of(404, "not-found", "There is no such thing", "nothing is found under this address");
                    case 405 ->
                        Problem.of(405, "method-not-allowed", "Method not allowed", "this address takes other methods");
                    case 406 ->
                        Problem.of(
                                406, "not-acceptable", "Not acceptable", "the answer is JSON, which Accept rules out");
                    case 415 ->
                        Problem.of(
                                415,
                                "unsupported-media-type",
                                "Unsupported media type",
                                "send Content-Type: application/json");
                    default ->
                        Problem.of(
                                original.getStatus(),
                                "http",
                                original.getStatusInfo().getReasonPhrase(),
                                original.getStatusInfo().getReasonPhrase());
                };
        Response.ResponseBuilder response = problem.response();
        if (original.getHeaderString("Allow") != null) {
            response.header("Allow", original.getHeaderString("Allow"));
        }
        return response.build();
    }
}
