package azukari.handler.http;

import azukari.catalog.HandlerSpec.HttpHandler;
import azukari.handler.BoundHandler;
import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.RunContext;
import azukari.platform.Json;
import azukari.platform.SystemClock;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** Calls an HTTP target: sends the body as JSON and the job's id as {@code Idempotency-Key}. */
public final class HttpTarget implements Handler<JsonNode> {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final HttpHandler target;
    private final Answers answers = new Answers(SystemClock.utc());

    private HttpTarget(HttpHandler target) {
        this.target = target;
    }

    /** Creates the handler for a target. */
    public static BoundHandler<JsonNode> bound(HttpHandler target) {
        return BoundHandler.of(new HttpTarget(target), HttpTarget.class);
    }

    @Override
    public Outcome handle(JsonNode body, RunContext run) throws Exception {
        CompletableFuture<HttpResponse<LimitedBody.Text>> call =
                CLIENT.sendAsync(request(body, run), LimitedBody.handler());
        try {
            return answers.outcome(call.get(target.timeout().toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Outcome.retry(
                    target.url() + " did not respond within " + target.timeout().toMillis() + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                return Outcome.retry(target.url() + " could not be called: "
                        + failure.getClass().getSimpleName() + " " + failure.getMessage());
            }
            throw e;
        } finally {
            call.cancel(true); // Aborts a call that is still open; no effect on a completed one.
        }
    }

    private HttpRequest request(JsonNode body, RunContext run) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target.url())
                .method(target.method(), BodyPublishers.ofString(Json.write(body)))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("Idempotency-Key", run.jobId().toString())
                .header("X-Azukari-Run", Integer.toString(run.run()))
                .header("X-Azukari-Attempt", Integer.toString(run.attempt()));
        target.headers().forEach(request::setHeader);
        return request.build();
    }
}
