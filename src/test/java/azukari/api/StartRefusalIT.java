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

/** A start that can't succeed ends the process with a status and one line that says why. */
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
            return last;
        }
    }

    @Test
    void anUnknownName() {
        assertThat(refusal("name", server -> server.env("AZUKARI_HTTP_PROT", "8081")))
                .contains("AZUKARI_HTTP_PROT", "AZUKARI_HTTP_PORT");
    }

    @Test
    void aValueThatTheServerCannotRead() {
        assertThat(refusal("port-value", server -> server.env("AZUKARI_HTTP_PORT", "http")))
                .contains("AZUKARI_HTTP_PORT", "'http'");
        assertThat(refusal("sessions-value", server -> server.env("AZUKARI_LANE_LONG_MAX_SESSIONS", "0")))
                .contains("AZUKARI_LANE_LONG_MAX_SESSIONS", "'0'");
        assertThat(refusal("broker-value", server -> server.env("AZUKARI_BROKER_URL", "localhost")))
                .contains("AZUKARI_BROKER_URL", "tcp://host:port");
        assertThat(refusal("database-value", server -> server.env("AZUKARI_DB_URL", "mysql:x")))
                .contains("AZUKARI_DB_URL", "jdbc:postgresql:");
    }

    @Test
    void valuesThatTheApplicationCannotRead() {
        assertThat(refusal("values", server -> server.env("AZUKARI_DRAIN", "soon")
                        .env("AZUKARI_MAX_BODY", "2MiB")
                        .env("AZUKARI_RESCUE", "1s")))
                .contains("AZUKARI_DRAIN", "soon", "AZUKARI_MAX_BODY", "AZUKARI_RESCUE");
    }

    @Test
    void anInvalidEventType() throws IOException {
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
    void aMissingBean() throws IOException {
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
    void aCatalogueFolderThatIsNotThere() {
        assertThat(refusal("folder", server -> server.catalog(Path.of("target", "it", "no-such-folder"))))
                .contains("no-such-folder");
    }

    @Test
    void aPortInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(refusal("port", server -> server.port(taken.getLocalPort())))
                    .contains(Integer.toString(taken.getLocalPort()), "AZUKARI_HTTP_PORT");
        }
    }

    @Test
    void aDataFolderThatAnotherProcessHas() {
        ServerProcess first = Contract.shared().server;
        assertThat(refusal(
                        "data",
                        server -> server.env(
                                "AZUKARI_DATA_DIR", first.dataFolder().toString())))
                .contains(first.dataFolder().toString(), "AZUKARI_DATA_DIR");
        assertThat(Contract.shared().api.get("health/ready").status()).isEqualTo(200);
    }

    private static Path catalog(String name, String document) throws IOException {
        Path folder = ItFolder.fresh("refusal-catalog-" + name);
        Files.writeString(folder.resolve("broken.yaml"), document);
        return folder;
    }
}
