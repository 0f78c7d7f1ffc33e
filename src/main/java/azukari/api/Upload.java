package azukari.api;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;

/**
 * One body on its way here: it ends as a request that is dispatched, or with the answer why it is not. Whatever comes
 * first decides; what comes later is ignored.
 */
final class Upload implements ReadListener, AsyncListener {
    /** How long a client has to send a body: less than servers leave a connection idle, so that there is an answer. */
    static final Duration LONGEST = Duration.ofSeconds(20);

    private static final int CHUNK = 8 * 1024;
    private static final int RETRY_AFTER_SECONDS = 2;

    private final AsyncContext context;
    private final CollectedRequest request;
    private final HttpServletResponse response;
    private final int limit;
    private final UploadRoom room;
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream(CHUNK);
    private ServletInputStream body;
    private long declared;
    private boolean ended;

    /** @param limit in bytes; of a longer body one byte more is collected, and the resource refuses it */
    Upload(AsyncContext context, CollectedRequest request, HttpServletResponse response, int limit, UploadRoom room) {
        this.context = context;
        this.request = request;
        this.response = response;
        this.limit = limit;
        this.room = room;
    }

    void begin(ServletInputStream from) {
        body = from;
        declared = request.getContentLengthLong();
        context.setTimeout(LONGEST.toMillis());
        context.addListener(this);
        from.setReadListener(this);
    }

    @Override
    public void onDataAvailable() throws IOException {
        byte[] chunk = new byte[CHUNK];
        while (body.isReady() && !body.isFinished()) {
            int count = body.read(chunk, 0, Math.min(chunk.length, limit + 1 - collected.size()));
            if (count < 0) {
                break;
            }
            if (!take(chunk, count)) {
                refuse(Problem.of(
                        503,
                        "unavailable",
                        "Service unavailable",
                        "too many large requests are being received; repeat the request with the same requestId"));
                return;
            }
            if (collected.size() > limit) {
                pass();
                return;
            }
        }
        if (body.isFinished() || (declared > 0 && collected.size() >= declared)) {
            pass(); // Without waiting to be told: under load Payara at times does not.
        }
    }

    private synchronized boolean take(byte[] chunk, int count) {
        if (!ended && !room.take(count)) {
            return false;
        }
        if (!ended) {
            collected.write(chunk, 0, count);
        }
        return true;
    }

    @Override
    public void onAllDataRead() {
        pass();
    }

    private void pass() {
        if (end()) {
            request.body(collected.toByteArray());
            context.dispatch();
        }
    }

    @Override
    public void onError(Throwable failure) {
        refuse(Problem.of(400, "bad-request", "Bad request", "the body ended early: " + failure.getMessage()));
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        refuse(Problem.of(
                408,
                "request-timeout",
                "Request timeout",
                "the body did not arrive within " + LONGEST.toSeconds() + " s"));
    }

    private void refuse(Problem problem) {
        if (!end()) {
            return;
        }
        try {
            response.setHeader("Connection", "close"); // What is left of the body can't be told from another request.
            if (problem.status() == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
                response.setIntHeader("Retry-After", RETRY_AFTER_SECONDS);
            }
            problem.send(response);
        } catch (IOException e) {
            // The client has gone, and hears nothing.
        } finally {
            context.complete();
        }
    }

    /** Whether this is the first end. The memory counts as free from here on: the resource holds the body from now on. */
    private synchronized boolean end() {
        boolean first = !ended;
        ended = true;
        if (first) {
            room.giveBack(collected.size());
        }
        return first;
    }

    @Override
    public void onError(AsyncEvent event) {
        end();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        end();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // The resource waits for something else; that is its own affair.
    }
}
