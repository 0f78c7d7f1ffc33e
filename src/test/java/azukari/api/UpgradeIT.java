package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Clients that would rather speak something else get HTTP/1.1 on a connection that is kept. */
class UpgradeIT {
    private static final String EVENT = "{\"code\":\"NOOP\",\"body\":{}}";
    private static final int AT_A_TIME = 20;
    private static final int ROUNDS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Contract contract = Contract.shared();

    /** Java's own client offers HTTP/2 with the first request of each connection. */
    @Test
    void a_client_that_prefers_http_2_is_answered_each_time() {
        HttpClient client = HttpClient.newHttpClient();
        URI events = contract.server.uri().resolve("/api/events");
        HttpRequest request = HttpRequest.newBuilder(events)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(EVENT))
                .build();
        for (int round = 0; round < ROUNDS; round++) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            }
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(202));
        }
    }

    @Test
    void an_offer_of_anything_else_changes_nothing() throws IOException {
        String offer = "Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: foo\r\n";
        String post = "POST /api/events HTTP/1.1\r\n" + offer + "Content-Type: application/json\r\nContent-Length: "
                + EVENT.length() + "\r\n\r\n" + EVENT;
        assertThat(statuses(post + post + "GET /api/health/live HTTP/1.1\r\n" + offer + "\r\n", 3))
                .allSatisfy(status -> assertThat(status).startsWith("HTTP/1.1 20"));
        assertThat(statuses("CONNECT a:1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 1)
                        .get(0))
                .startsWith("HTTP/1.1 4");
        assertThat(statuses("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 1).get(0)).startsWith("HTTP/1.1 5");
    }

    /** What comes after the last answer of a connection is nobody's. */
    @Test
    void requests_after_the_one_that_closes_the_connection_are_not_run() throws IOException {
        String get = "GET /api/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n";
        assertThat(statuses(get + "Connection: close\r\n\r\n" + get + "\r\n" + get + "\r\n", 3))
                .hasSize(1);
    }

    private List<String> statuses(String requests, int most) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), contract.server.port())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            List<String> statuses = new ArrayList<>();
            while (statuses.size() < most) {
                String line = in.readLine();
                if (line == null) {
                    break;
                }
                int begin = line.indexOf("HTTP/1.1 "); // A body ends without a line.
                if (begin >= 0) {
                    statuses.add(line.substring(begin));
                }
            }
            return statuses;
        }
    }
}
