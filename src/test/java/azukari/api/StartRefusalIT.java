package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ItFolder;
import azukari.testing.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A failed startup ends the process with a non-zero status and one line that explains why. Wrong settings are refused
 * likewise, in {@code SettingsFirstIT}.
 */
@Execution(ExecutionMode.CONCURRENT)
class StartRefusalIT {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String LAST_WORD = "Azukari did not start: ";

    /** Starts a server that must refuse, and returns its last line. */
    private static String refusal(String name, UnaryOperator<ServerProcess.Builder> with) {
        try (ServerProcess server =
                with.apply(ServerProcess.named("refusal-" + name)).build().start()) {
            assertThat(server.endedWithin(LONGEST)).as(server.tail()).isTrue();
            assertThat(server.exitCode()).isNotZero();
            List<String> lines = server.log().lines().toList();
            assertThat(lines.stream().filter(line -> line.startsWith(LAST_WORD)))
                    .hasSize(1);
            String last = lines.get(lines.size() - 1);
            assertThat(last).startsWith(LAST_WORD).doesNotContain("Exception", "\tat ");
            assertThat(server.log()).doesNotContain("Azukari is ready");
            assertThat(lines)
                    .as("no stack trace, and nothing that the server says of it")
                    .hasSizeLessThan(8);
            return last;
        }
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void an_invalid_event_type_is_refused() throws IOException {
        Path catalog = catalog("invalid-type", """
                code: BROKEN
                title: Broken
                description: Its handler is not there.
                owner: tests
                body: {type: object, required: thing}
                examples: [{}]
                handler: {http: {url: "nowhere"}}
                """);
        String reason = refusal("type", server -> server.catalog(catalog));
        assertThat(reason).contains("broken.yaml", "/handler/http/url", "/body");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void a_missing_bean_is_refused() throws IOException {
        Path catalog = catalog("missing-bean", """
                code: BROKEN
                title: Broken
                description: Its handler is not there.
                owner: tests
                body: true
                examples: [{}]
                handler: {bean: nowhereToBeFound}
                """);
        assertThat(refusal("bean", server -> server.catalog(catalog)))
                .contains("broken.yaml", "/handler/bean", "nowhereToBeFound");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void a_port_in_use_is_refused() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(refusal("port", server -> server.port(taken.getLocalPort())))
                    .contains(Integer.toString(taken.getLocalPort()), "AZUKARI_HTTP_PORT");
        }
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void a_data_folder_used_by_another_process_is_refused() {
        ServerProcess first = Contract.shared().server;
        assertThat(refusal(
                        "data",
                        server -> server.env(
                                "AZUKARI_DATA_DIR", first.dataFolder().toString())))
                .contains(first.dataFolder() + " is in use by another Azukari process", "AZUKARI_DATA_DIR");
        assertThat(Contract.shared().api.get("health/ready").status()).isEqualTo(200);
    }

    private static Path catalog(String name, String document) throws IOException {
        Path folder = ItFolder.fresh("refusal-catalog-" + name);
        Files.writeString(folder.resolve("broken.yaml"), document);
        return folder;
    }
}
