package azukari.handler.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request and its answer, and how far it got: whether it may have arrived, and whether an answer had begun. */
final class Exchange {
    /** What the JDK's client says instead of giving the answer; it has no other sign of this (its versions 11 to 25). */
    private static final String NO_CONTENT_WITH_BODY = "unexpected content length header with 204 response";

    private static final long SHORTEST_LOOK = Duration.ofMillis(10).toNanos();

    private final HttpRequest request;
    private final BeforeSending before;
    private long end;
    private long waitingSince;
    private volatile boolean givenUp;
    private volatile boolean sent;
    private volatile boolean answered;
    private HttpResponse<LimitedBody.Text> answer;

    /** What is waited for when nothing is left to be done but to write the request. */
    @FunctionalInterface
    interface BeforeSending {
        BeforeSending NOTHING = () -> {};

        /** Waits, on a thread of the client's; whatever it throws ends the exchange with nothing sent. */
        void await() throws InterruptedException;
    }

    /** @param timeout from now until the whole answer is there; what is waited for before sending does not count */
    Exchange(HttpRequest whole, BeforeSending before, Duration timeout) {
        this.before = before;
        this.end = System.nanoTime() + timeout.toNanos();
        this.request = HttpRequest.newBuilder(whole, (name, value) -> true)
                .method(
                        whole.method(),
                        new Noticed(whole.bodyPublisher().orElseGet(HttpRequest.BodyPublishers::noBody)))
                .build();
    }

    /**
     * Sends the request and waits for the whole answer.
     *
     * @return whether there is an answer to be read; if not, it was a success without content, but with a body
     * @throws IOException if there was no whole answer
     * @throws TimeoutException if there was none in time; the call is given up
     */
    boolean send(HttpClient client) throws IOException, InterruptedException, TimeoutException {
        givenUp = false;
        CompletableFuture<HttpResponse<LimitedBody.Text>> call = client.sendAsync(request, info -> {
            answered = true;
            return new LimitedBody();
        });
        try {
            answer = inTime(call);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                if (NO_CONTENT_WITH_BODY.equals(failure.getMessage())) {
                    return false;
                }
                throw failure;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("the request could not be made", e.getCause());
        } finally {
            givenUp = true;
            call.cancel(true); // Aborts a call that is still open; no effect on a completed one.
        }
    }

    private <T> T inTime(CompletableFuture<T> call) throws ExecutionException, InterruptedException, TimeoutException {
        while (true) {
            try {
                return call.get(isWaiting() ? Math.max(left(), SHORTEST_LOOK) : left(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (left() <= 0) {
                    throw e;
                }
            }
        }
    }

    /** Stands still while the slot is waited for. */
    private synchronized long left() {
        return end - (waitingSince == 0 ? System.nanoTime() : waitingSince);
    }

    /** Whether the slot is waited for. */
    synchronized boolean isWaiting() {
        return waitingSince != 0;
    }

    private synchronized void setWaiting(boolean waiting) {
        if (waiting) {
            waitingSince = System.nanoTime();
        } else {
            end += System.nanoTime() - waitingSince;
            waitingSince = 0;
        }
    }

    private void awaitTurn() throws InterruptedException {
        setWaiting(true);
        try {
            before.await();
        } finally {
            setWaiting(false);
        }
    }

    /** The host and the port, as they stand in the URL. */
    String authority() {
        return request.uri().getRawAuthority();
    }

    HttpResponse<LimitedBody.Text> answer() {
        return answer;
    }

    /** Whether any of the request may have arrived. */
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

        /**
         * The JDK's client asks for it when it has a connection, right before it writes the head (its versions 11 to 25; seen in tests);
         * nothing is sent if this throws. Each time is a call of its own.
         */
        @Override
        public long contentLength() {
            try {
                awaitTurn();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the client stopped before the request was sent", e);
            }
            sent = true; // First: whoever gives up at this moment sees it, or is seen.
            if (givenUp) {
                throw new IllegalStateException("the request was given up before it was sent");
            }
            return body.contentLength();
        }

        @Override
        public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
            body.subscribe(subscriber);
        }
    }
}
