package azukari.testing;

import azukari.testing.ApiClient.Response;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Clients that post events to a server that may die at any time. Each event has its own {@code requestId}; an event that gets no response,
 * or a 5xx, is posted again with the same one until it gets its 202. Every 202 is recorded: these are the promises that the server must keep.
 */
public final class Submitters implements AutoCloseable {
    private static final Duration RETRY_PAUSE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration END_TIMEOUT = Duration.ofMinutes(3);
    /** One accepted request in so many is posted once more, as by a client that did not see its answer. */
    private static final int REPEAT_EVERY = 10;

    /** One event to post. */
    public record Event(String code, Map<String, ?> body) {}

    private final URI server;
    private final Duration pause;
    private final Queue<Accepted> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<Response> refusals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicInteger repeatedPosts = new AtomicInteger();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    private Submitters(URI server, Duration pause) {
        this.server = server;
        this.pause = pause;
    }

    /**
     * Starts them.
     *
     * @param pause between two events of one client
     * @param seed of the choice of events; each client has its own sequence
     * @param choice the next event of a client
     */
    public static Submitters start(URI server, int clients, Duration pause, long seed, Function<Random, Event> choice) {
        Submitters submitters = new Submitters(server, pause);
        for (int i = 0; i < clients; i++) {
            String name = "submitter-" + i;
            Random random = new Random(seed + i);
            Thread thread = new Thread(() -> submitters.run(name, random, choice), name);
            submitters.threads.add(thread);
            thread.start();
        }
        return submitters;
    }

    /** Every 202 so far; a request that was posted again and answered again is there twice. */
    public List<Accepted> accepted() {
        return List.copyOf(accepted);
    }

    /** What should not have happened: refused events, requests that found no answer at all, clients that died. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** How many posts had to be made again since they got no 202. */
    public int repeatedPosts() {
        return repeatedPosts.get();
    }

    /** Every answer that was no 202. */
    public List<Response> refusals() {
        return List.copyOf(refusals);
    }

    /** How many posts got no answer at all, or none in time. */
    public int unanswered() {
        return unanswered.get();
    }

    /** The longest that any answer took. */
    public Duration slowestAnswer() {
        return Duration.ofNanos(slowestNanos.get());
    }

    /** No new events; waits until what is under way has got its 202, for which the server has to be up. */
    public void stopAndWait() {
        stop.countDown();
        for (Thread thread : threads) {
            try {
                thread.join(END_TIMEOUT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + thread.getName(), e);
            }
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " did not end in " + END_TIMEOUT);
            }
        }
    }

    /** Stops them where they are, without waiting for answers. */
    @Override
    public void close() {
        stop.countDown();
        threads.forEach(Thread::interrupt);
    }

    private void run(String name, Random random, Function<Random, Event> choice) {
        ApiClient client = new ApiClient(server, Duration.ofSeconds(5));
        String prefix = name + "-" + Long.toHexString(random.nextLong()) + "-";
        try {
            for (int i = 0; !stop.await(pause.toMillis(), TimeUnit.MILLISECONDS); i++) {
                Event event = choice.apply(random);
                String requestId = prefix + i;
                postUntilAccepted(client, event, requestId);
                if (i % REPEAT_EVERY == REPEAT_EVERY - 1) {
                    postUntilAccepted(client, event, requestId);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failures.add(name + " died: " + e);
        }
    }

    private void postUntilAccepted(ApiClient client, Event event, String requestId) throws InterruptedException {
        Map<String, Object> posted = new HashMap<>();
        posted.put("code", event.code());
        posted.put("requestId", requestId);
        posted.put("body", event.body());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String lastAnswer = "";
        while (System.nanoTime() < deadline) {
            long begin = System.nanoTime();
            try {
                Response response = client.post(posted);
                slowestNanos.accumulateAndGet(System.nanoTime() - begin, Math::max);
                if (response.status() == 202) {
                    accepted.add(new Accepted(response.body().path("id").asString(""), requestId, event.code()));
                    return;
                }
                lastAnswer = response.status() + " " + response.body();
                refusals.add(response);
                if (response.status() < 500) {
                    failures.add(requestId + " was refused: " + lastAnswer);
                    return;
                }
            } catch (UncheckedIOException noAnswer) {
                lastAnswer = noAnswer.toString();
                unanswered.incrementAndGet();
            }
            repeatedPosts.incrementAndGet();
            TimeUnit.MILLISECONDS.sleep(RETRY_PAUSE.toMillis());
        }
        failures.add(requestId + " got no 202 in " + PATIENCE + ", the last answer was: " + lastAnswer);
    }
}
