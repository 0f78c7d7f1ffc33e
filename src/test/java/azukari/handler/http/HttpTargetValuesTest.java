package azukari.handler.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import azukari.catalog.CatalogLoader;
import azukari.catalog.EventType;
import azukari.catalog.HandlerSpec.HttpHandler;
import azukari.handler.BoundHandler;
import azukari.handler.Outcome;
import azukari.handler.Probe;
import azukari.platform.Json;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Values of the body and secrets in the request to a target. */
class HttpTargetValuesTest {
    @TempDir
    private Path folder;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private int probed = 200;
    private Path secret;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", call -> {
            requests.add(call.getRequestMethod() + " " + call.getRequestURI().getRawPath() + " "
                    + call.getRequestHeaders().getFirst("X-Key") + " "
                    + call.getRequestHeaders().getFirst("X-Product"));
            byte[] answer = "{\"listing\":{\"id\":7},\"more\":1}".getBytes(StandardCharsets.UTF_8);
            call.getResponseHeaders().set("Content-Type", "application/json");
            call.sendResponseHeaders(call.getRequestMethod().equals("GET") ? probed : 200, answer.length);
            call.getResponseBody().write(answer);
            call.close();
        });
        server.start();
        secret = Files.writeString(folder.resolve("secret"), "hunter2\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private EventType type() {
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        return CatalogLoader.parse(Map.of("a.yaml", """
                        code: PUBLISH
                        title: Publish
                        description: Publishes.
                        owner: tests
                        body: {type: object}
                        examples: [{product: P-1}]
                        handler:
                          http:
                            url: "%1$s/products/{/product}/listing"
                            headers: {X-Key: "${file:%2$s}", X-Product: "{/product}"}
                            probe: {url: "%1$s/products/{/product}", happened: [200], notHappened: [404]}
                            result: /listing
                        onCrash: probe
                        """.formatted(address, secret)))
                .find("PUBLISH")
                .orElseThrow();
    }

    private BoundHandler<JsonNode> target() {
        return HttpTarget.bound((HttpHandler) type().handler(), false);
    }

    private static JsonNode body(String product) {
        return Json.object().put("product", product);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    P-1       | P-1
                    a/../b    | a%2F..%2Fb
                    x?y#z     | x%3Fy%23z
                    50% ä     | 50%25%20%C3%A4
                    a;b=c&d   | a%3Bb%3Dc%26d
                    """)
    void a_value_of_the_body_stays_in_its_place(String product, String written) throws Exception {
        Outcome outcome = target().handle(body(product), new TargetRun());

        assertThat(requests).containsExactly("POST /products/" + written + "/listing hunter2 " + written);
        assertThat(outcome).isEqualTo(Outcome.succeeded(Json.object().put("id", 7)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    void a_value_that_would_leave_its_place_however_it_is_written_is_no_valid_body(String product) {
        assertThat(type().validate(body(product)))
                .singleElement()
                .satisfies(violation -> assertThat(violation.pointer()).isEqualTo("/product"));
    }

    @Test
    void a_probe_tells_whether_the_call_had_its_effect() throws Exception {
        assertThat(target().probe(body("P-1"), new TargetRun()))
                .isEqualTo(Probe.happened(Outcome.succeeded(Json.object().put("id", 7))));
        probed = 404;
        assertThat(target().probe(body("P-1"), new TargetRun())).isEqualTo(Probe.notHappened());
        probed = 500;
        assertThat(target().probe(body("P-1"), new TargetRun())).isEqualTo(Probe.unknown());
        assertThat(requests).allMatch(request -> request.equals("GET /products/P-1 hunter2 P-1"));
    }

    @Test
    void a_secret_is_read_for_each_call_and_never_shown() throws Exception {
        BoundHandler<JsonNode> target = target();
        assertThat(type().toJson().toString()).doesNotContain("hunter2");
        Files.writeString(secret, "hunter3");
        target.handle(body("P-1"), new TargetRun());
        assertThat(requests.get(0)).contains("hunter3");

        Files.writeString(secret, "no\nheader: hunter4");
        Throwable thrown = catchThrowable(() -> target.handle(body("P-1"), new TargetRun()));

        assertThat(thrown).hasMessageContaining("X-Key").message().doesNotContain("hunter4");
        assertThat(thrown).hasNoCause();
    }
}
