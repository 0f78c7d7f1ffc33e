package azukari.bench;

import azukari.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Batches of as many events as one may hold, all alike but for their keys; their text is made once, so that posting one costs next to nothing. */
final class Batches {
    static final int ITEMS = 10_000;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final byte[] text;

    private Batches(List<String> items) {
        text = ("{\"submitter\":\"bench\",\"items\":[" + String.join(",", items) + "]}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Of events that run as soon as they may. */
    static Batches of(String code) {
        return alike("{\"code\":\"" + code + "\",\"body\":" + Requests.BODY + "}");
    }

    private static Batches alike(String item) {
        return new Batches(Collections.nCopies(ITEMS, item));
    }

    /** Each with another {@code /key}; the same ones in every batch. */
    static Batches ofKeys(String code) {
        return new Batches(IntStream.range(0, ITEMS)
                .mapToObj(i -> "{\"code\":\"" + code + "\",\"body\":"
                        + Requests.BODY.replaceFirst("[{]", "{\"key\":\"k" + i + "\",") + "}")
                .toList());
    }

    /** Of events that wait for this time. */
    static Batches of(String code, Instant notBefore) {
        return alike("{\"code\":\"" + code + "\",\"notBefore\":\"" + notBefore + "\",\"body\":" + Requests.BODY + "}");
    }

    /** Posts one; returns how long its answer took. */
    Duration post(ServerProcess server) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("/api/batches"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(text))
                .timeout(PATIENCE)
                .build();
        long begin = System.nanoTime();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            if (answer.statusCode() != 202) {
                throw new AssertionError("a batch was not accepted: " + answer.statusCode() + " " + answer.body());
            }
            return took;
        } catch (IOException e) {
            throw new UncheckedIOException("a batch got no answer", e);
        }
    }
}
