package azukari.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.ApiClient;
import azukari.testing.ItFolder;
import azukari.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A machine whose language has another upper case of i. */
@Execution(ExecutionMode.CONCURRENT)
class OtherLanguageIT {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String TYPE = """
            code: IN_TURKISH
            title: A test's work
            description: Does nothing.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {bean: noop}
            """;

    @Test
    void a_server_works_whatever_the_machines_language() throws IOException {
        Path catalog = ItFolder.fresh("other-language-catalog");
        Files.writeString(catalog.resolve("in-turkish.yaml"), TYPE);
        try (ServerProcess server = ServerProcess.named("other-language")
                .catalog(catalog)
                .jvmArgument("-Duser.language=tr")
                .jvmArgument("-Duser.country=TR")
                .build()) {
            server.start().awaitReady(START);
            ApiClient api = new ApiClient(server.uri());

            String id = api.post(Map.of(
                            "code",
                            "IN_TURKISH",
                            "body",
                            Map.of(),
                            "notBefore",
                            Instant.now().plusSeconds(1).toString()))
                    .body()
                    .path("id")
                    .asString();

            await("the job that is due")
                    .atMost(SOON)
                    .until(() -> api.job(id).path("state").asString().equals("SUCCEEDED"));
            assertThat(api.jobs("code=IN_TURKISH&state=SUCCEEDED")).hasSize(1);
        }
    }
}
