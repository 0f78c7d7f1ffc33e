package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ApiClient;
import azukari.testing.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Bodies on their way may take an eighth of the heap together: here, 32 MiB. */
@Execution(ExecutionMode.CONCURRENT)
class ManyUploadsIT {
    private static final Duration START = Duration.ofSeconds(90);
    /** Less than what a server waits for a body. */
    private static final int PATIENCE_MILLIS = 15_000;

    private static final int BODY = 1_000_000;
    private static final int MORE_THAN_FIT = 48;
    private static final String BEGIN = "{\"code\":\"NOOP\",\"body\":{\"text\":\"";
    private static final String END = "\"}}";

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /** The head of the answer that comes, or has come. */
    private static String head(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                .lines()
                .takeWhile(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    @Test
    void bodies_that_would_fill_the_memory_are_refused_and_the_others_accepted() throws IOException {
        try (ServerProcess server =
                ServerProcess.named("many-uploads").jvmArgument("-Xmx256m").build()) {
            server.start().awaitReady(START);
            ApiClient api = new ApiClient(server.uri());
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < MORE_THAN_FIT; i++) {
                    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                    socket.setSoTimeout(PATIENCE_MILLIS);
                    sockets.add(socket);
                    send(
                            socket,
                            "POST /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: " + BODY + "\r\n\r\n" + BEGIN
                                    + "x".repeat(BODY - BEGIN.length() - END.length()));
                }
                assertThat(api.get("health/live").status()).isEqualTo(200);
                int accepted = 0;
                for (Socket socket : sockets) {
                    send(socket, END);
                    String head = head(socket);
                    accepted += head.startsWith("HTTP/1.1 202 ") ? 1 : 0;
                    assertThat(head)
                            .satisfiesAnyOf(it -> assertThat(it).startsWith("HTTP/1.1 202 "), it -> assertThat(it)
                                    .startsWith("HTTP/1.1 503 ")
                                    .containsIgnoringCase("\nretry-after: ")
                                    .containsIgnoringCase("\nconnection: close"));
                }
                assertThat(accepted).isBetween(MORE_THAN_FIT / 2, MORE_THAN_FIT - 1);
                assertThat(api.post(Map.of("code", "NOOP", "body", Map.of())).status())
                        .isEqualTo(202);
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }
    }
}
