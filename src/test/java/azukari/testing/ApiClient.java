package azukari.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The product's REST interface as a client sees it; a response that does not conform to openapi.yaml throws an {@link AssertionError}, a
 * failed connection an {@link UncheckedIOException}.
 */
public final class ApiClient {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int PAGE = 500;
    private static final int FEW = 5;

    private final URI base;
    private final Duration timeout;
    private final HttpClient http;

    /**
     * A client with a short time-out.
     *
     * @param server the address without a path
     */
    public ApiClient(URI server) {
        this(server, Duration.ofSeconds(10));
    }

    public ApiClient(URI server, Duration timeout) {
        this.base = server.resolve("/api/");
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    /** What came back; {@code body} is a missing node when there was none, a text node when it was not JSON. */
    public record Response(int status, HttpHeaders headers, JsonNode body) {
        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    public Response post(Map<String, ?> event) {
        return post(JSON.writeValueAsString(event));
    }

    public Response post(String json) {
        return post("events", json, Map.of("Content-Type", "application/json"));
    }

    /** Any POST under {@code /api/}, as it is. */
    public Response post(String path, String body, Map<String, String> headers) {
        return send("POST", path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** Any request under {@code /api/}, byte for byte; null for no body. */
    public Response send(String method, String path, byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::setHeader);
        return send(request, body);
    }

    /** The same without a Content-Length, in chunks. */
    public Response sendChunked(String path, byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)));
        headers.forEach(request::setHeader);
        return send(request, body);
    }

    /** Any GET under {@code /api/}. */
    public Response get(String pathAndQuery) {
        return send(HttpRequest.newBuilder(base.resolve(pathAndQuery)), null);
    }

    public JsonNode job(String id) {
        return found(get("jobs/" + id), "job " + id);
    }

    public boolean knows(String job) {
        Response response = get("jobs/" + job);
        if (response.status() == 404) {
            return false;
        }
        found(response, "job " + job);
        return true;
    }

    /** The jobs that fit the query ({@code state=…&code=…}, empty for all), over all pages. */
    public List<JsonNode> jobs(String query) {
        return pages("jobs", query);
    }

    /** The first few of these jobs, where it matters only whether there are any. */
    public List<JsonNode> firstJobs(String query) {
        return items(found(get("jobs?limit=" + FEW + "&" + query), "jobs"));
    }

    /** The ledger of the job's runs. */
    public List<JsonNode> runs(String job) {
        return items(found(get("jobs/" + job + "/runs"), "runs of job " + job));
    }

    public JsonNode chain(String job) {
        return found(get("jobs/" + job + "/chain"), "chain of job " + job);
    }

    /** All notifications so far, in the order of the feed. */
    public List<JsonNode> notifications() {
        return pages("notifications", "");
    }

    public List<JsonNode> eventTypes() {
        return items(found(get("event-types"), "event types"));
    }

    /** A sample of the node's metrics, by its name with its labels; 0 while it is not there. */
    public double metric(String sample) {
        return found(get("metrics"), "metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private List<JsonNode> pages(String path, String query) {
        List<JsonNode> all = new ArrayList<>();
        String cursor = "";
        while (true) {
            String after = cursor.isEmpty() ? "" : "&after=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
            String more = query.isEmpty() ? "" : "&" + query;
            JsonNode page = found(get(path + "?limit=" + PAGE + more + after), path);
            List<JsonNode> items = items(page);
            all.addAll(items);
            String next = page.path("next").asString("");
            if (items.isEmpty() || next.isEmpty()) {
                return all;
            }
            if (next.equals(cursor)) {
                throw new AssertionError(path + ": the cursor does not move on although a page had items: " + cursor);
            }
            cursor = next;
        }
    }

    private static List<JsonNode> items(JsonNode page) {
        List<JsonNode> items = new ArrayList<>();
        page.path("items").forEach(items::add);
        return items;
    }

    private static JsonNode found(Response response, String what) {
        if (response.status() != 200) {
            throw new AssertionError(what + ": " + response.status() + " " + response.body());
        }
        return response.body();
    }

    private Response send(HttpRequest.Builder request, byte[] body) {
        HttpRequest built = request.timeout(timeout).build();
        try {
            HttpResponse<String> response = http.send(built, HttpResponse.BodyHandlers.ofString());
            check(response, body);
            return new Response(response.statusCode(), response.headers(), parse(response));
        } catch (IOException e) {
            throw new UncheckedIOException(built.method() + " " + built.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + built.method() + " " + built.uri(), e);
        }
    }

    /** Every answer that any test gets is held against the OpenAPI document, but for what the benchmark adds to the server. */
    private void check(HttpResponse<String> response, byte[] body) {
        String path = response.uri().getRawPath();
        if (path.startsWith(base.getRawPath()) && !path.startsWith(base.getRawPath() + "bench/")) {
            String type =
                    response.request().headers().firstValue("Content-Type").orElse("");
            OpenApi.ofTheProduct()
                    .check(new OpenApi.Exchange(
                            response.request().method(),
                            path.substring(base.getRawPath().length() - 1),
                            type,
                            body == null ? "" : new String(body, StandardCharsets.UTF_8),
                            response.statusCode(),
                            response.headers(),
                            response.body()));
        }
    }

    private static JsonNode parse(HttpResponse<String> response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (response.body().isEmpty()) {
            return JSON.missingNode();
        }
        return type.contains("json") ? JSON.readTree(response.body()) : JSON.valueToTree(response.body());
    }
}
