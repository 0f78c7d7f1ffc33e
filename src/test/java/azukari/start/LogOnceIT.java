package azukari.start;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** The same failure is written once a minute, and counted. */
class LogOnceIT {
    private static final Path JAR = Path.of("target", "server", "azukari.jar").toAbsolutePath();
    private static final Path CONFIGURATION =
            Path.of("target", "server", "logging.properties").toAbsolutePath();
    private static final int TIMES = 1_000;

    /** Logs as a server does whose disk is full, with the launcher's handler. */
    static final class Flood {
        private Flood() {}

        public static void main(String... args) throws IOException {
            LogManager.getLogManager().readConfiguration();
            Logger log = Logger.getLogger("org.example.broker");
            Instant begin = Instant.parse("2026-01-01T00:00:00Z");
            for (int i = 0; i < TIMES; i++) {
                log.log(failure(begin.plusMillis(i), "No space left on device " + i));
                log.log(line(begin.plusMillis(i), Level.WARNING, "blocked"));
                log.log(line(begin.plusMillis(i), Level.INFO, "fine"));
            }
            log.log(line(begin.plusSeconds(61), Level.INFO, "the next line"));
            log.log(failure(begin.plusSeconds(62), "No space left on device, once more"));
        }

        private static LogRecord line(Instant at, Level level, String message) {
            LogRecord line = new LogRecord(level, message);
            line.setLoggerName("org.example.broker");
            line.setInstant(at);
            return line;
        }

        private static LogRecord failure(Instant at, String message) {
            LogRecord failed = line(at, Level.WARNING, "failed");
            failed.setThrown(new IllegalStateException("outer", new IOException(message)));
            return failed;
        }
    }

    @Test
    void the_same_failure_is_written_once_a_minute_and_counted() {
        String classes = LogOnceIT.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        Launch launch = Launch.of(
                "log once",
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.util.logging.config.file=" + CONFIGURATION,
                        "-cp",
                        JAR + java.io.File.pathSeparator + classes,
                        Flood.class.getName()));
        assertThat(launch.status()).as(launch.err()).isZero();
        assertThat(launch.out().lines().filter(line -> line.startsWith("Caused by:")))
                .containsExactly(
                        "Caused by: java.io.IOException: No space left on device 0",
                        "Caused by: java.io.IOException: No space left on device, once more");
        assertThat(launch.out().lines().filter(line -> line.endsWith("blocked")))
                .hasSize(11);
        assertThat(launch.out().lines().filter(line -> line.endsWith("fine"))).hasSize(TIMES);
        assertThat(launch.out())
                .contains("left out 999 more like the one at 2026-01-01T00:00:00Z: java.io.IOException: No space left")
                .contains("left out 990 more like the one at 2026-01-01T00:00:00Z: blocked");
    }
}
