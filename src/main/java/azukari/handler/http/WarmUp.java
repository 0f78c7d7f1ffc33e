package azukari.handler.http;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Calls a target of its own, within the process: what the JVM loads and compiles for the first calls takes longer than a call may
 * be late (rule 11).
 */
final class WarmUp {
    private static final Logger LOG = System.getLogger(WarmUp.class.getName());
    private static final int CALLS = 50;
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final String BODY = "{}";
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
                    .getBytes(StandardCharsets.US_ASCII);

    private WarmUp() {}

    static void of(HttpClient client) {
        try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answer(target), "azukari-warm-up");
            answering.setDaemon(true);
            answering.start();
            URI address = URI.create("http://127.0.0.1:" + target.getLocalPort() + "/");
            for (int i = 0; i < CALLS; i++) {
                HttpRequest request = HttpRequest.newBuilder(address)
                        .POST(BodyPublishers.ofString(BODY))
                        .build();
                new Exchange(request, Exchange.BeforeSending.NOTHING, LONGEST).send(client);
            }
        } catch (IOException | TimeoutException e) {
            LOG.log(
                    Level.INFO,
                    "the HTTP client could not be warmed up; its first calls may be late: {0}",
                    e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(ServerSocket target) {
        while (!target.isClosed()) {
            try (Socket caller = target.accept()) {
                caller.setSoTimeout(Math.toIntExact(LONGEST.toMillis())); // The client keeps its connection.
                while (read(caller.getInputStream())) {
                    caller.getOutputStream().write(ANSWER);
                }
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "a connection of the warm-up ended", e);
            }
        }
    }

    /** Reads one request; false at the end of the connection. */
    private static boolean read(InputStream in) throws IOException {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n" + BODY) < 0) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            request.append((char) next);
        }
        return true;
    }
}
