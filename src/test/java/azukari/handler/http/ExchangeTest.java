package azukari.handler.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rule 11: the last look at the clock is where nothing is left to be done but to write the request. */
class ExchangeTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(StandardCharsets.US_ASCII);

    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger bytes = new AtomicInteger();
    private ServerSocket target;

    @BeforeEach
    void listen() throws IOException {
        target = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        threads.execute(() -> {
            while (!target.isClosed()) {
                try {
                    Socket caller = target.accept();
                    connections.incrementAndGet();
                    threads.execute(() -> answer(caller));
                } catch (IOException e) {
                    assertThat(target.isClosed()).isTrue();
                }
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        target.close();
        threads.shutdownNow();
    }

    /** Answers where a request ends, which its body does: {@code {}}. */
    private void answer(Socket caller) {
        try (caller) {
            InputStream in = caller.getInputStream();
            int before = 0;
            for (int next = in.read(); next >= 0; next = in.read()) {
                bytes.incrementAndGet();
                if (before == '{' && next == '}') {
                    caller.getOutputStream().write(ANSWER);
                }
                before = next;
            }
        } catch (IOException theCallerIsGone) {
            assertThat(theCallerIsGone).isNotNull();
        }
    }

    private Exchange exchange(Exchange.BeforeSending before, Duration timeout) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + target.getLocalPort() + "/"))
                .POST(BodyPublishers.ofString("{}"))
                .build();
        return new Exchange(request, before, timeout);
    }

    @Test
    void rule_11_the_request_waits_with_its_connection_ready_and_that_is_not_the_targets_time() throws Exception {
        CountDownLatch slot = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        Exchange exchange = exchange(
                () -> {
                    waits.countDown();
                    slot.await();
                },
                SHORT);
        CompletableFuture<Boolean> sent = CompletableFuture.supplyAsync(() -> send(exchange), threads);

        assertThat(waits.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        await("a connection").atMost(LONG).until(() -> connections.get() == 1);
        assertThat(sent)
                .as("not given up although its time is over")
                .failsWithin(SHORT.multipliedBy(3))
                .withThrowableOfType(TimeoutException.class);
        assertThat(bytes).hasValue(0);
        assertThat(exchange.isSent()).isFalse();

        slot.countDown();
        assertThat(sent.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(exchange.isSent()).isTrue();
        assertThat(exchange.answer().statusCode()).isEqualTo(200);
    }

    private static boolean send(Exchange exchange) {
        try {
            return exchange.send(HttpClient.newHttpClient());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void rule_11_a_request_whose_slot_is_not_to_be_had_is_not_sent() throws Exception {
        exchange(Exchange.BeforeSending.NOTHING, LONG).send(client);
        int before = bytes.get();
        IllegalStateException none = new IllegalStateException("none");
        Exchange refused = exchange(
                () -> {
                    throw none;
                },
                LONG);

        assertThatThrownBy(() -> refused.send(client)).isSameAs(none);

        assertThat(refused.isSent()).isFalse();
        exchange(Exchange.BeforeSending.NOTHING, LONG).send(client);
        assertThat(bytes).as("two whole requests, and nothing else").hasValue(2 * before);
    }

    @Test
    void a_request_that_was_given_up_while_it_waited_is_not_sent() throws Exception {
        CountDownLatch slot = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Exchange exchange = exchange(
                () -> {
                    waits.countDown();
                    slot.await();
                    over.countDown();
                },
                LONG);
        Thread lane = new Thread(
                () -> assertThatThrownBy(() -> exchange.send(client)).isInstanceOf(InterruptedException.class));
        lane.start();
        assertThat(waits.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

        lane.interrupt();
        lane.join();
        slot.countDown();

        assertThat(over.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        exchange(Exchange.BeforeSending.NOTHING, LONG).send(client);
        int one = bytes.get();
        exchange(Exchange.BeforeSending.NOTHING, LONG).send(client);
        assertThat(bytes).as("two whole requests, and nothing else").hasValue(2 * one);
    }
}
