package azukari.handler.http;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** Reads a response body to its end, but keeps only up to a limit of it. */
final class LimitedBody implements BodySubscriber<LimitedBody.Text> {
    static final int MAX_BYTES = 1024 * 1024;

    /**
     * The kept part of a body.
     *
     * @param whole false if the body exceeded the limit
     */
    record Text(String text, boolean whole) {}

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final CompletableFuture<Text> result = new CompletableFuture<>();
    private boolean whole = true;

    @Override
    public CompletionStage<Text> getBody() {
        return result;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            int length = Math.min(buffer.remaining(), MAX_BYTES - kept.size());
            whole &= length == buffer.remaining();
            byte[] bytes = new byte[length];
            buffer.get(bytes);
            kept.write(bytes, 0, length);
        }
    }

    @Override
    public void onError(Throwable failure) {
        result.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        result.complete(new Text(kept.toString(StandardCharsets.UTF_8), whole));
    }
}
