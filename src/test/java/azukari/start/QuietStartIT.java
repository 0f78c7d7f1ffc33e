package azukari.start;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ServerProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a start and a stop that went well print: a few lines, and no warning. */
@Execution(ExecutionMode.CONCURRENT)
class QuietStartIT {
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @Test
    void a_start_and_a_stop_say_only_what_concerns_an_operator() {
        try (ServerProcess server = ServerProcess.named("quiet-start").build()) {
            server.start().awaitReady(LONGEST);
            assertThat(server.terminate()).isZero();

            assertThat(server.log()).doesNotContain("WARN ", "ERROR ", "\tat ");
            assertThat(server.log()).doesNotContain("JdbcRuntimeExtension", "is away");
            assertThat(server.log().lines().filter(line -> line.contains("chema")))
                    .singleElement()
                    .asString()
                    .matches(".* INFO {2}Schema: database schema created at version \\d+");
            int first = server.log().length();

            server.start().awaitReady(LONGEST);
            assertThat(server.terminate()).isZero();

            assertThat(server.log().substring(first)).doesNotContain("WARN ", "ERROR ", "\tat ");
            assertThat(server.log().substring(first).lines().filter(line -> line.contains("chema")))
                    .singleElement()
                    .asString()
                    .matches(".* INFO {2}Schema: database schema is at version \\d+");
        }
    }
}
