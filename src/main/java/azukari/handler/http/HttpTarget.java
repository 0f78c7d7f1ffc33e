package azukari.handler.http;

import azukari.catalog.HandlerSpec.HttpHandler;
import azukari.catalog.HandlerSpec.HttpProbe;
import azukari.handler.BoundHandler;
import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.Probe;
import azukari.handler.RunContext;
import azukari.platform.Json;
import azukari.platform.SystemClock;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** Calls an HTTP target: sends the body as JSON and the job's id as {@code Idempotency-Key}. */
public final class HttpTarget implements Handler<JsonNode> {
    private static final Logger LOG = System.getLogger(HttpTarget.class.getName());
    private static final HttpClient CLIENT = client();
    /** Hosts that have answered, as they stand in URLs: the client, which all targets share, may have kept connections to them. */
    private static final Set<String> ANSWERED = ConcurrentHashMap.newKeySet();

    private final HttpHandler target;
    private final boolean repeatable;
    private final Answers answers;

    private HttpTarget(HttpHandler target, boolean repeatable) {
        this.target = target;
        this.repeatable = repeatable;
        this.answers = new Answers(target.shownUrl(), target.result().orElse(null), SystemClock.utc());
    }

    /**
     * Creates the handler for a target.
     *
     * @param repeatable whether a request that may have arrived may be sent again
     */
    public static BoundHandler<JsonNode> bound(HttpHandler target, boolean repeatable) {
        return BoundHandler.of(new HttpTarget(target, repeatable), HttpTarget.class);
    }

    /** Prepares the client for calls that have to begin in time. */
    public static void warmUp() {
        WarmUp.of(CLIENT);
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    @Override
    public Outcome handle(JsonNode body, RunContext run) throws Exception {
        Exchange exchange = new Exchange(request(body, run), run::awaitSlot, target.timeout());
        try {
            try {
                return outcome(exchange, CLIENT, run);
            } catch (IOException e) {
                boolean kept = ANSWERED.contains(exchange.authority());
                if (!repeatable || !kept || !exchange.isSent() || exchange.isAnswered()) {
                    throw e;
                }
                // Targets may drop a kept connection at any time (RFC 9112, section 9.3): once more, on a new one.
                return again(exchange, run);
            }
        } catch (InterruptedException e) {
            if (exchange.isWaiting() && !exchange.isSent()) {
                return Outcome.snooze(SystemClock.utc().instant(), "the run was stopped while it waited for its slot");
            }
            throw e;
        } catch (TimeoutException e) {
            return lost(
                    exchange,
                    target.shownUrl() + " did not respond within "
                            + target.timeout().toMillis() + " ms");
        } catch (IOException e) {
            return lost(
                    exchange,
                    target.shownUrl() + " could not be called: " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    /** Whatever keeps the second call from being made, the first one may have arrived. */
    private Outcome again(Exchange exchange, RunContext run) throws Exception {
        try {
            return outcome(exchange, client(), run);
        } catch (IllegalStateException e) {
            return lost(exchange, target.shownUrl() + " could not be called again: " + e.getMessage());
        }
    }

    private Outcome outcome(Exchange exchange, HttpClient client, RunContext run) throws Exception {
        if (!exchange.send(client)) {
            return Outcome.succeeded(); // 204 with a body, which the client refuses to read.
        }
        ANSWERED.add(exchange.authority());
        answers.closedUntil(exchange.answer()).ifPresent(run::noCallsBefore);
        return answers.outcome(exchange.answer());
    }

    /** What was never sent never arrived; what was sent may have, and {@code onCrash} decides. */
    private static Outcome lost(Exchange exchange, String reason) {
        return exchange.isSent() ? Outcome.unknown(reason) : Outcome.retry(reason);
    }

    private void setHeaders(HttpRequest.Builder request, JsonNode body) {
        target.headers().forEach((name, value) -> setHeader(request, name, value.fill(body)));
    }

    /** The client's own exception quotes the value, which may be a secret. */
    @SuppressWarnings("PMD.PreserveStackTrace")
    private static void setHeader(HttpRequest.Builder request, String name, String value) {
        try {
            request.setHeader(name, value);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("header " + name + " has a value that HTTP does not allow");
        }
    }

    /** Asks the target by its probe; whatever goes wrong with that leaves it open. */
    @Override
    public Probe probe(JsonNode body, RunContext run) throws Exception {
        HttpProbe probe = target.probe().orElse(null);
        if (probe == null) {
            return Probe.unknown();
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(probe.url().fill(body)))
                .method("GET", HttpRequest.BodyPublishers.noBody())
                .header("Accept", "application/json")
                .header("Accept-Encoding", "identity")
                .header("Idempotency-Key", run.jobId().toString());
        setHeaders(request, body);
        Exchange exchange = new Exchange(request.build(), run::awaitSlot, target.timeout());
        try {
            if (!exchange.send(CLIENT)) {
                return Probe.unknown();
            }
        } catch (TimeoutException | IOException e) {
            LOG.log(Level.INFO, "the probe {0} could not be asked: {1}", probe.shownUrl(), e.toString());
            return Probe.unknown();
        }
        int status = exchange.answer().statusCode();
        if (probe.happened().contains(status)) {
            return Probe.happened(answers.succeeded(exchange.answer()));
        }
        return probe.notHappened().contains(status) ? Probe.notHappened() : Probe.unknown();
    }

    private HttpRequest request(JsonNode body, RunContext run) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(target.url().fill(body)))
                .method(target.method(), HttpRequest.BodyPublishers.ofString(Json.write(body)))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("Accept-Encoding", "identity")
                .header("Idempotency-Key", run.jobId().toString())
                .header("X-Azukari-Run", Integer.toString(run.run()))
                .header("X-Azukari-Attempt", Integer.toString(run.attempt()));
        setHeaders(request, body);
        return request.build();
    }
}
