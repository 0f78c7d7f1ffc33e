package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.ApiClient;
import azukari.testing.MavenBuild;
import azukari.testing.ServerFolder;
import azukari.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** The example in docs/handlers.md, built and run as a team would: its own WAR, overlaid on Azukari's. */
@Execution(ExecutionMode.CONCURRENT)
class OverlayIT {
    private static final Path EXAMPLE = Path.of("examples", "overlay");
    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration SOON = Duration.ofSeconds(30);
    /** Set by the environment; the code's default is 10. */
    private static final int PERCENT = 25;

    private static Path war;
    private static ServerProcess server;
    private static ApiClient api;

    @BeforeAll
    static void start() {
        war = MavenBuild.packaged("overlay", EXAMPLE).resolve("target/azukari.war");
        server = ServerProcess.named("overlay-server")
                .server(ServerFolder.deploying("overlay-server", war))
                .env("SHOP_WELCOME_PERCENT", Integer.toString(PERCENT))
                .build()
                .start()
                .awaitReady(READY);
        api = new ApiClient(server.uri());
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void the_teams_bean_handles_its_event_and_emitted_events_run() {
        String job = post(Map.of("customer", "C-1", "email", "anna@example.com"))
                .body()
                .path("id")
                .asString();

        await().atMost(SOON).untilAsserted(() -> assertThat(api.notifications())
                .singleElement()
                .satisfies(told -> assertThat(told.path("code").asString()).isEqualTo("SEND_VOUCHER")));
        String voucher =
                String.format(Locale.ROOT, "V-%08X", 31 * UUID.fromString(job).hashCode() + PERCENT);
        JsonNode ended = api.job(job);
        assertThat(ended.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(ended.path("result").path("voucher").asString()).isEqualTo(voucher);
        assertThat(api.jobs("parent=" + job)).singleElement().satisfies(sent -> {
            assertThat(sent.path("code").asString()).isEqualTo("SEND_VOUCHER");
            assertThat(sent.path("state").asString()).isEqualTo("SUCCEEDED");
        });
        assertThat(server.log()).contains(voucher + " goes to anna@example.com");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void the_teams_schema_is_enforced() {
        ApiClient.Response refused = post(Map.of("customer", "C-1", "email", "anna"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().path("errors").path(0).path("pointer").asString())
                .isEqualTo("/body/email");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void the_overlay_adds_event_types_and_excludes_one() {
        List<String> codes = api.eventTypes().stream()
                .map(type -> type.path("code").asString())
                .toList();

        assertThat(codes).containsExactly("CREATE_ALARM", "NOOP", "SEND_VOUCHER", "WELCOME_CUSTOMER");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void the_test_kit_is_not_in_the_war() throws IOException {
        try (FileSystem files = FileSystems.newFileSystem(war)) {
            assertThat(files.getPath("WEB-INF/classes/azukari/handler/Handler.class"))
                    .exists();
            assertThat(files.getPath("WEB-INF/classes/azukari/testkit")).doesNotExist();
        }
    }

    private static ApiClient.Response post(Map<String, String> body) {
        return api.post(Map.of("code", "WELCOME_CUSTOMER", "submitter", "shop", "body", body));
    }
}
