package azukari.handler.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request and its answer, and how far it got: whether it may have arrived, and whether an answer had begun. */
final class Exchange {
    /** What the JDK's client says instead of giving the answer; it has no other sign of this (its versions 11 to 25). */
    private static final String NO_CONTENT_WITH_BODY = "unexpected content length header with 204 response";

    private final HttpRequest request;
    private final Runnable whenSent;
    private volatile boolean sent;
    private volatile boolean answered;
    private HttpResponse<LimitedBody.Text> answer;

    /** @param whenSent is told each time that the request is about to be sent, on a thread of the client's; must be quick */
    Exchange(HttpRequest whole, Runnable whenSent) {
        this.whenSent = whenSent;
        this.request = HttpRequest.newBuilder(whole, (name, value) -> true)
                .method(
                        whole.method(),
                        new Noticed(whole.bodyPublisher().orElseGet(HttpRequest.BodyPublishers::noBody)))
                .build();
    }

    /**
     * Sends the request and waits for the whole answer.
     *
     * @param nanos how long it may take
     * @return whether there is an answer to be read; if not, it was a success without content, but with a body
     * @throws IOException if there was no whole answer
     * @throws TimeoutException if there was none in time; the call is given up
     */
    boolean send(HttpClient client, long nanos) throws IOException, InterruptedException, TimeoutException {
        CompletableFuture<HttpResponse<LimitedBody.Text>> call = client.sendAsync(request, info -> {
            answered = true;
            return new LimitedBody();
        });
        try {
            answer = call.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                if (NO_CONTENT_WITH_BODY.equals(failure.getMessage())) {
                    return false;
                }
                throw failure;
            }
            throw new IllegalStateException("the request could not be made", e.getCause());
        } finally {
            call.cancel(true); // Aborts a call that is still open; no effect on a completed one.
        }
    }

    HttpResponse<LimitedBody.Text> answer() {
        return answer;
    }

    /** Whether any of the request may have arrived: the client asks for the body once it has a connection. */
    boolean isSent() {
        return sent;
    }

    /** Whether the answer's head arrived. */
    boolean isAnswered() {
        return answered;
    }

    private final class Noticed implements BodyPublisher {
        private final BodyPublisher body;

        Noticed(BodyPublisher body) {
            this.body = body;
        }

        @Override
        public long contentLength() {
            return body.contentLength();
        }

        @Override
        public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
            sent = true;
            whenSent.run();
            body.subscribe(subscriber);
        }
    }
}
