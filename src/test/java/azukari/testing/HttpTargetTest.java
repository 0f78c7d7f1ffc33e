package azukari.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpTargetTest {
    private final HttpTarget target = HttpTarget.start();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        target.close();
    }

    @Test
    void calls_are_recorded_and_answered_as_scripted() throws Exception {
        target.answer("/a", call -> Answer.status(call.run() == 1 ? 503 : 200)
                .header("Retry-After", "7")
                .json("{\"done\":true}"));

        HttpResponse<String> first = send(request("/a", 1));
        target.nextEpoch();
        HttpResponse<String> second = send(request("/a", 2));

        assertThat(first.statusCode()).isEqualTo(503);
        assertThat(first.headers().firstValue("Retry-After")).contains("7");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo("{\"done\":true}");
        assertThat(target.calls())
                .extracting(Call::epoch, Call::job, Call::run, Call::body, Call::status)
                .containsExactly(tuple(1, "job", 1L, "body", 503), tuple(2, "job", 2L, "body", 200));
    }

    @Test
    void concurrent_calls_are_recorded() {
        target.answer("/slow", Answer.ok().after(Duration.ofSeconds(1)));

        List<CompletableFuture<HttpResponse<String>>> three = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> http.sendAsync(request("/slow", i), HttpResponse.BodyHandlers.ofString()))
                .toList();
        await().until(() -> target.calls().size() == 3);
        assertThat(target.calls()).allMatch(call -> call.end() == Call.GOING_ON);
        three.forEach(CompletableFuture::join);

        assertThat(target.highestConcurrency()).isEqualTo(3);
        assertThat(target.calls()).allMatch(Call::succeeded);
    }

    @Test
    void the_connection_can_be_cut() {
        target.answer("/cut", Answer.closedConnection());

        assertThatThrownBy(() -> send(request("/cut", 1))).isInstanceOf(IOException.class);

        assertThat(target.calls()).isNotEmpty().noneMatch(Call::succeeded);
    }

    private HttpRequest request(String path, int run) {
        return HttpRequest.newBuilder(target.uri(path))
                .header("Idempotency-Key", "job")
                .header("X-Azukari-Run", Integer.toString(run))
                .POST(HttpRequest.BodyPublishers.ofString("body"))
                .build();
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
