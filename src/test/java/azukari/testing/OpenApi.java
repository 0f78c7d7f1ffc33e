package azukari.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The product's OpenAPI document; checks responses against it. */
public final class OpenApi {
    public static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]+}");
    /** Of the paths that were asked for, by their templates. */
    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

    private static final Path FILE = Path.of("src", "main", "resources", "openapi.yaml");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final OpenApi OF_THE_PRODUCT = new OpenApi(read());

    private final JsonNode document;
    private final OpenApiSchemas schemas;

    OpenApi(JsonNode document) {
        this.document = document;
        this.schemas = new OpenApiSchemas(document);
    }

    public static OpenApi ofTheProduct() {
        return OF_THE_PRODUCT;
    }

    private static JsonNode read() {
        try {
            return new YAMLMapper().readTree(Files.readString(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer to be looked at. */
    public record Exchange(
            String method,
            String path,
            String requestType,
            String request,
            int status,
            HttpHeaders headers,
            String body) {
        String mediaType() {
            return bare(headers.firstValue("Content-Type").orElse(""));
        }
    }

    public JsonNode document() {
        return document;
    }

    /** The violations of a schema in this document by a value. */
    public List<String> violations(JsonNode schema, JsonNode value) {
        return schemas.violations(schema, value);
    }

    /** Follows a reference, if it is one. */
    public JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asString().substring(1)) : node;
    }

    /** Fails if a response does not conform to the document. */
    public void check(Exchange exchange) {
        List<String> faults = faults(exchange);
        if (!faults.isEmpty()) {
            throw new AssertionError("openapi.yaml does not say so: " + exchange.method() + " " + exchange.path()
                    + " → " + exchange.status() + " " + exchange.mediaType() + " " + exchange.body() + ": " + faults);
        }
    }

    List<String> faults(Exchange exchange) {
        Optional<JsonNode> path = path(exchange.path());
        if (path.isEmpty()) {
            return exchange.status() == 404 || exchange.status() == 400
                    ? problem(exchange)
                    : List.of("the path is not in the document");
        }
        JsonNode operation = path.get().get(exchange.method().toLowerCase(java.util.Locale.ROOT));
        if (operation == null) {
            return switch (exchange.method()) {
                case "HEAD", "OPTIONS" -> List.of();
                default -> exchange.status() == 405 ? problem(exchange) : List.of("the method is not in the document");
            };
        }
        JsonNode response = resolved(operation.path("responses").path(Integer.toString(exchange.status())));
        if (response.isMissingNode()) {
            return List.of("the status is not in the document");
        }
        List<String> faults = new ArrayList<>(headers(response, exchange));
        faults.addAll(content(response.path("content"), exchange));
        faults.addAll(request(operation, exchange));
        return faults;
    }

    private List<String> problem(Exchange exchange) {
        JsonNode problem = document.at("/components/responses/NotFound/content");
        return content(problem, exchange);
    }

    private List<String> headers(JsonNode response, Exchange exchange) {
        List<String> faults = new ArrayList<>();
        response.path("headers").properties().forEach(declared -> {
            JsonNode header = resolved(declared.getValue());
            Optional<String> value = exchange.headers().firstValue(declared.getKey());
            if (value.isEmpty() && header.path("required").asBoolean(false)) {
                faults.add("the header " + declared.getKey() + " is missing");
            }
            value.ifPresent(text -> faults.addAll(violations(header.path("schema"), JSON.valueToTree(text))));
        });
        return faults;
    }

    private List<String> content(JsonNode content, Exchange exchange) {
        if (content.isMissingNode()) {
            return exchange.body().isEmpty() ? List.of() : List.of("there should be no body");
        }
        JsonNode declared = content.get(exchange.mediaType());
        if (declared == null) {
            return List.of("the media type is not in the document");
        }
        boolean json = exchange.mediaType().endsWith("json");
        try {
            JsonNode value = json ? JSON.readTree(exchange.body()) : JSON.valueToTree(exchange.body());
            return violations(declared.path("schema"), value);
        } catch (JacksonException e) {
            return List.of("the body is not JSON");
        }
    }

    /** An accepted request must be one that the document allows. */
    private List<String> request(JsonNode operation, Exchange exchange) {
        if (exchange.status() >= 300 || exchange.request().isEmpty()) {
            return List.of();
        }
        JsonNode declared = operation.path("requestBody").path("content").get(bare(exchange.requestType()));
        if (declared == null) {
            return List.of("a request of type " + exchange.requestType() + " is not in the document");
        }
        boolean lines = bare(exchange.requestType()).endsWith("ndjson");
        JsonNode value = lines ? JSON.valueToTree(exchange.request()) : JSON.readTree(exchange.request());
        return violations(declared.path("schema"), value);
    }

    private static String bare(String mediaType) {
        return mediaType.replaceFirst(";.*", "").strip().toLowerCase(java.util.Locale.ROOT);
    }

    /** The path's item; one without parameters before one with. */
    private Optional<JsonNode> path(String raw) {
        // As the server reads it: without matrix parameters and a slash at the end.
        String asked = raw.replaceAll(";[^/]*", "").replaceFirst("(?<=.)/+$", "");
        JsonNode exact = document.path("paths").get(asked);
        if (exact != null) {
            return Optional.of(exact);
        }
        return document.path("paths").properties().stream()
                .filter(path -> matches(path.getKey(), asked))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean matches(String template, String path) {
        return PATTERNS.computeIfAbsent(template, OpenApi::pattern)
                .matcher(path + "\u0000")
                .matches();
    }

    private static Pattern pattern(String template) {
        return Pattern.compile(PARAMETER
                .splitAsStream(template + "\u0000")
                .map(Pattern::quote)
                .reduce((a, b) -> a + "[^/]+" + b)
                .orElseThrow());
    }
}
