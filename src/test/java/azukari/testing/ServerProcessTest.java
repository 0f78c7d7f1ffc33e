package azukari.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the harness itself, with a small program instead of the product. */
class ServerProcessTest {
    private static final Duration START = Duration.ofSeconds(20);

    @TempDir
    private static Path product;

    @BeforeAll
    static void packTheFake() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeServer.class.getName());
        String file = FakeServer.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(product.resolve("azukari.jar"));
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new ZipEntry(file));
            jar.write(Files.readAllBytes(CodeSources.of(FakeServer.class).resolve(file)));
        }
        try (JarOutputStream war = new JarOutputStream(Files.newOutputStream(product.resolve("azukari.war")))) {
            war.putNextEntry(new ZipEntry("WEB-INF/classes/other.txt"));
        }
    }

    @Test
    void the_server_comes_back_on_its_port_after_a_kill() {
        try (ServerProcess server = fake("killed").build().start().awaitReady(START)) {
            server.kill9();
            assertThat(server.isAlive()).isFalse();
            assertThat(server.exitCode()).isEqualTo(137);

            server.start().awaitReady(START);

            assertThat(server.log()).contains("==== start 2", "node killed");
        }
    }

    @Test
    void the_exit_status_is_available_after_a_termination() {
        try (ServerProcess server = fake("terminated").build().start().awaitReady(START)) {
            assertThat(server.terminate()).isEqualTo(143);
        }
    }

    @Test
    void an_early_exit_fails_at_once_with_the_log() {
        try (ServerProcess server =
                fake("refusing").env("AZUKARI_REFUSE", "yes").build().start()) {
            assertThatThrownBy(() -> server.awaitReady(Duration.ofHours(1)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("status 3")
                    .hasMessageContaining("refused to start");
        }
    }

    @Test
    void the_server_can_be_frozen_and_thawed() {
        try (ServerProcess server = fake("frozen").build().start().awaitReady(START)) {
            server.freeze();
            assertThat(server.isReady()).isFalse();

            server.thaw();
            server.awaitReady(START);
        }
    }

    @Test
    void byteman_rules_are_applied() {
        String rules = """
                RULE never ready
                CLASS azukari.testing.FakeServer
                METHOD status
                AT ENTRY
                IF true
                DO RETURN 503
                ENDRULE
                """;
        try (ServerProcess server = fake("ruled").bytemanRules(rules).build().start()) {
            assertThatThrownBy(() -> server.awaitReady(Duration.ofSeconds(3))).hasMessageContaining("was not ready");
            assertThat(server.isAlive()).isTrue();
        }
    }

    @Test
    void a_modified_copy_contains_added_classes_and_their_nested_classes() throws IOException {
        ServerFolder changed = ServerFolder.changed(product, "changed", History.class);

        try (FileSystem war = FileSystems.newFileSystem(changed.war())) {
            Path classes = war.getPath("WEB-INF", "classes");
            assertThat(classes.resolve("azukari/testing/History.class")).exists();
            assertThat(classes.resolve("azukari/testing/History$Job.class")).exists();
            assertThat(classes.resolve("azukari/testing/HistoryReader.class")).doesNotExist();
            assertThat(classes.resolve("other.txt")).exists();
        }
    }

    private static ServerProcess.Builder fake(String name) {
        return ServerProcess.named(name).server(ServerFolder.at(product));
    }
}
