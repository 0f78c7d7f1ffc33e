package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.Answer;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that send slowly, stop sending, or take nothing, keep nobody waiting: there are more than the server has threads. */
class SlowClientsIT {
    private static final int CLIENTS = 240;
    private static final int SMALL_BUFFER = 4_096;
    private static final int LARGE = 900_000;
    /** Together more than the buffers of any operating system. */
    private static final int MANY = 12;

    /** Longer than the server leaves a connection without a whole request. */
    private static final int PATIENCE_MILLIS = 60_000;

    /** By one, for the server of these tests. */
    private static final int TOO_LONG = 256 * 1024 + 1;

    private static final int APART_CLIENTS = 4;
    private static final int APART_REQUESTS = 1_000;
    /** Fewer than the server answers on one connection. */
    private static final int ON_ONE_CONNECTION = 200;

    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    private static final String HEAD = """
            POST /api/events HTTP/1.1\r
            Host: 127.0.0.1\r
            Content-Type: application/json\r
            """;
    private static final String BODY = "{\"code\":\"NOOP\",\"body\":{}}";
    private static final String LENGTH = "Content-Length: " + BODY.length() + "\r\n\r\n";

    private final Contract contract = Contract.shared();
    private final List<Socket> sockets = new ArrayList<>();

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), contract.server.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /** The first line of what comes back; null if the connection ends instead. */
    private static String status(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    private void others() {
        assertThat(contract.api.get("health/live").status()).isEqualTo(200);
        contract.accept(Map.of("code", "NOOP", "body", Map.of()));
    }

    @AfterEach
    void disconnect() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void bodies_that_trickle_or_stall_hold_nobody_up_and_are_answered_408() throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            send(connect(), HEAD + (i % 2 == 0 ? LENGTH : "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"));
        }
        for (int sent = 0; sent < BODY.length() - 1; sent += 5) {
            for (int i = 0; i < CLIENTS; i += 4) {
                send(sockets.get(i), BODY.substring(sent, sent + 1));
            }
            others();
        }
        for (Socket socket : sockets) {
            assertThat(status(socket)).startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void headers_that_never_end_hold_nobody_up_and_their_connections_are_closed() throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            send(connect(), HEAD);
        }
        others();
        for (Socket socket : sockets) {
            assertThat(status(socket)).isNull();
        }
    }

    @Test
    void a_follower_that_takes_nothing_is_cut_off() throws IOException {
        String submitter = Contract.unique();
        Socket follower = new Socket();
        sockets.add(follower);
        follower.setReceiveBufferSize(SMALL_BUFFER);
        follower.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), contract.server.port()));
        send(follower, "GET /api/notifications/stream?submitter=" + submitter + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        String large = "\"" + "x".repeat(LARGE) + "\"";
        for (int i = 0; i < MANY; i++) {
            String key = Contract.unique();
            contract.world.script(key, List.of(() -> Answer.ok().json(large)));
            contract.accept(Map.of("code", "CALL", "body", Map.of("key", key), "submitter", submitter));
        }
        Awaitility.await("the connection to be cut")
                .atMost(Duration.ofMillis(2L * PATIENCE_MILLIS))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> isCut(follower));
    }

    /** Without reading, which would let the server go on. */
    private static boolean isCut(Socket socket) {
        try {
            send(socket, "\n");
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void a_body_in_pieces_is_taken_on_a_connection_that_is_kept() throws IOException {
        Socket socket = connect();
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (int i = 0; i < 3; i++) {
            send(socket, HEAD + "Expect: 100-continue\r\n" + LENGTH);
            assertThat(in.readLine()).startsWith("HTTP/1.1 100 ");
            send(socket, BODY.substring(0, 9));
            others();
            send(socket, BODY.substring(9));
            assertThat(in.readLine()).isEmpty();
            assertThat(in.readLine()).startsWith("HTTP/1.1 202 ");
            int length = 0;
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            assertThat(in.skip(length)).isEqualTo(length);
        }
    }

    /** As HTTP clients do that write headers and body apart (Java's own does). */
    @Test
    void bodies_that_come_right_after_their_headers_are_all_taken() {
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < APART_CLIENTS; i++) {
            clients.add(CompletableFuture.runAsync(() -> sendApart(APART_REQUESTS)));
        }
        clients.forEach(CompletableFuture::join);
    }

    private void sendApart(int requests) {
        for (int sent = 0; sent < requests; sent += ON_ONE_CONNECTION) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), contract.server.port())) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.setTcpNoDelay(true);
                InputStream in = new BufferedInputStream(socket.getInputStream());
                for (int i = 0; i < ON_ONE_CONNECTION; i++) {
                    send(socket, HEAD + LENGTH);
                    send(socket, BODY);
                    assertThat(answer(in)).startsWith("HTTP/1.1 202 ");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A whole answer that has a length; returns its headers. */
    private static String answer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended after '" + head + "'");
            }
            head.append((char) next);
        }
        Matcher length = CONTENT_LENGTH.matcher(head);
        assertThat(length.find()).as(head.toString()).isTrue();
        in.readNBytes(Integer.parseInt(length.group(1)));
        return head.toString();
    }

    @Test
    void requests_sent_before_the_last_one_is_answered_are_all_answered() throws IOException {
        String request = HEAD + LENGTH + BODY;
        Socket socket = connect();
        send(socket, request.repeat(3) + request.substring(0, request.length() - 9));
        for (int i = 0; i < 3; i++) {
            assertThat(answer(socket.getInputStream())).startsWith("HTTP/1.1 202 ");
        }
        send(socket, request.substring(request.length() - 9));
        assertThat(answer(socket.getInputStream())).startsWith("HTTP/1.1 202 ");
    }

    @Test
    void a_body_that_is_too_long_is_refused_before_it_has_come() throws IOException {
        Socket declared = connect();
        send(declared, HEAD + "Expect: 100-continue\r\nContent-Length: " + TOO_LONG + "\r\n\r\n");
        assertThat(status(declared)).startsWith("HTTP/1.1 413 ");

        Socket chunked = connect();
        send(
                chunked,
                HEAD + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(TOO_LONG) + "\r\n"
                        + " ".repeat(TOO_LONG) + "\r\n");
        assertThat(status(chunked)).startsWith("HTTP/1.1 413 ");
    }

    @Test
    void a_body_that_breaks_the_rules_of_chunks_is_refused() throws IOException {
        Socket socket = connect();
        send(socket, HEAD + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
        others();
        send(socket, "much\r\n");
        assertThat(status(socket)).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void what_is_willing_to_wait_may_send_its_body_in_pieces_too() throws IOException {
        Socket socket = connect();
        send(socket, HEAD + "Prefer: wait=20\r\n" + LENGTH + BODY.substring(0, 9));
        others();
        send(socket, BODY.substring(9));
        assertThat(status(socket)).startsWith("HTTP/1.1 200 ");
    }
}
