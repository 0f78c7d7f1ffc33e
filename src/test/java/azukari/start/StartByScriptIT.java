package azukari.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import azukari.testing.ItFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The server as the script starts it, with the archive that the build has left. */
@Execution(ExecutionMode.CONCURRENT)
class StartByScriptIT {
    private static final Path SERVER = Path.of("target", "server").toAbsolutePath();
    private static final int LONGEST_MINUTES = 3;

    /** On Java 17 an archive of generated classes brings a JVM down that runs with Flight Recorder. */
    @Test
    void it_starts_from_the_archive_under_flight_recorder_and_stops_by_a_signal() throws Exception {
        assumeThat(SERVER.resolve("archive")).isNotEmptyDirectory();
        Path folder = ItFolder.fresh("start by script");
        Path log = folder.resolve("server.log");
        ProcessBuilder builder = new ProcessBuilder(SERVER.resolve("azukari").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("AZUKARI_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS", "-XX:StartFlightRecording=dumponexit=false -Xlog:class+load");
        builder.environment().put("AZUKARI_HTTP_PORT", Integer.toString(freePort()));
        builder.environment().put("AZUKARI_DATA_DIR", folder.resolve("data").toString());
        Process server = builder.start();
        try {
            Awaitility.await()
                    .atMost(LONGEST_MINUTES, TimeUnit.MINUTES)
                    .until(() -> !server.isAlive() || Files.readString(log).contains("Azukari is ready"));
            assertThat(server.isAlive()).as(end(log)).isTrue();
            server.destroy();
            assertThat(server.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).isTrue();
            assertThat(server.exitValue()).as(end(log)).isZero();
        } finally {
            server.destroyForcibly();
        }
        assertThat(Files.readString(log))
                .as("the launcher comes from the archive")
                .containsPattern("azukari\\.launcher\\.Main source: shared objects file");
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static String end(Path log) throws IOException {
        String all = Files.readString(log);
        return all.substring(Math.max(0, all.length() - 2_000));
    }
}
