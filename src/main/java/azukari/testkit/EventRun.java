package azukari.testkit;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.catalog.HandlerSpec;
import azukari.catalog.OnCrash;
import azukari.catalog.Violation;
import azukari.dispatch.ActiveRun.Ask;
import azukari.dispatch.ProgressNote;
import azukari.dispatch.Rehearsal;
import azukari.dispatch.Verdict;
import azukari.handler.BoundHandler;
import azukari.handler.Handler;
import azukari.outbox.Envelope;
import azukari.platform.Ids;
import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import azukari.platform.SystemClock;
import jakarta.inject.Named;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;

/**
 * One event about to be run: what its {@code RunContext} will say, and when it will be asked to stop. For one thread; {@link
 * #handledBy} may be called more than once.
 */
public final class EventRun {
    private static final String ANONYMOUS = "anonymous";
    private static final int DEFAULT_PRIORITY = 4;

    private final Catalog catalog;
    private final EventType type;
    private final JsonNode body;
    private final int size;
    private final Map<Ask, Duration> asks = new EnumMap<>(Ask.class);
    private UUID jobId = Ids.next();
    private UUID root = jobId;
    private UUID parent;
    private String submitter = ANONYMOUS;
    private String requestId;
    private int run = 1;
    private int attempt = 1;
    private Clock clock = SystemClock.utc();

    EventRun(Catalog catalog, EventType type, String text) {
        this.catalog = catalog;
        this.type = type;
        this.body = parsed(text);
        this.size = text.length();
        List<Violation> violations = type.validate(body);
        if (!violations.isEmpty()) {
            throw new InvalidBodyException(type.code(), violations);
        }
    }

    private static JsonNode parsed(String text) {
        try {
            return Json.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedJsonException e) {
            throw new InvalidBodyException("the body is no JSON: " + e.getMessage(), e);
        }
    }

    /** The job's id, which is the idempotency key; a new one unless it is said. */
    public EventRun jobId(UUID id) {
        jobId = id;
        root = parent == null ? id : root;
        return this;
    }

    /**
     * As if another job had emitted the event.
     *
     * @param parentId that job
     * @param rootId the first job of the chain
     */
    public EventRun emittedBy(UUID parentId, UUID rootId) {
        parent = parentId;
        root = rootId;
        return this;
    }

    /** Who submitted the event, by default {@code anonymous}. */
    public EventRun submitter(String name) {
        submitter = name;
        return this;
    }

    /** The client's own name for the event; null, and so by default: none. */
    public EventRun requestId(String id) {
        requestId = id;
        return this;
    }

    /**
     * As if this were a later attempt; what was run before were attempts all. The last one that the event type's {@code
     * retry} allows fails where others are tried again.
     *
     * @throws IllegalArgumentException when it is not 1 to {@code retry.maxAttempts}
     */
    public EventRun attempt(int number) {
        int most = type.retry().maxAttempts();
        if (number < 1 || number > most) {
            throw new IllegalArgumentException(type.code() + " has the attempts 1 to " + most + ", and no " + number);
        }
        attempt = number;
        run = number;
        return this;
    }

    /**
     * As if there had been runs that used up no attempt as well.
     *
     * @param number from {@link #attempt} on
     * @throws IllegalArgumentException when it is less
     */
    public EventRun runNumber(int number) {
        if (number < attempt) {
            throw new IllegalArgumentException(
                    "attempt " + attempt + " is at least run " + attempt + ", not " + number);
        }
        run = number;
        return this;
    }

    /**
     * When the run begins; by default the machine's clock tells the time. From then on the time stands still: {@code
     * deadline()} is later by the event type's {@code timeout}, {@link RunReport#dueAt} by the delay. What is done after a
     * while is done after a while of real time nevertheless.
     */
    public EventRun at(Instant begin) {
        clock = Clock.fixed(begin, ZoneOffset.UTC);
        return this;
    }

    /** As if the event type's {@code timeout} were over by then; zero: when the handler begins. */
    public EventRun timeOutAfter(Duration time) {
        return ask(Ask.TIMEOUT, time);
    }

    /** Somebody cancels the job; zero: when the handler begins. */
    public EventRun cancelAfter(Duration time) {
        return ask(Ask.CANCEL, time);
    }

    /** The node stops, and does not wait any longer; zero: when the handler begins. */
    public EventRun shutDownAfter(Duration time) {
        return ask(Ask.SHUTDOWN, time);
    }

    private EventRun ask(Ask why, Duration after) {
        if (after.isNegative()) {
            throw new IllegalArgumentException("a time after the begin is not " + after);
        }
        asks.put(why, after);
        return this;
    }

    /**
     * Runs the handler, on this thread. What it throws does not come out, since it has a meaning: it is in the report, and in
     * the log.
     *
     * @param handler made by the test; its class says what the body is mapped to. A lambda's does not: it takes a {@code
     *     JsonNode}
     * @throws IllegalArgumentException when the document names another handler
     */
    public <B> RunReport handledBy(Handler<B> handler) {
        return report(handler, false);
    }

    /**
     * Goes on after a run that was cut off: {@code probe} is asked first, and {@link Handler#handle} is called only when it says that
     * the effect did not happen.
     *
     * @throws IllegalArgumentException when the document does not say {@code onCrash: probe}, or names another handler
     */
    public <B> RunReport probedBy(Handler<B> handler) {
        if (type.onCrash() != OnCrash.PROBE) {
            throw new IllegalArgumentException(
                    type.code() + " does not say 'onCrash: probe', so its handler is never asked");
        }
        return report(handler, true);
    }

    private <B> RunReport report(Handler<B> handler, boolean cutOffBefore) {
        requireNamed(handler.getClass());
        Watched<B> watched = new Watched<>(handler);
        Queue<ProgressNote> progress = new ConcurrentLinkedQueue<>();
        Verdict verdict = new Rehearsal(catalog, clock)
                .run(message(cutOffBefore), BoundHandler.of(watched, handler.getClass()), asks, progress::add);
        return RunReport.of(jobId, type, verdict, watched.handled(), List.copyOf(progress));
    }

    /** A name that only the server's start would miss is missed here. */
    private void requireNamed(Class<?> handler) {
        if (!(type.handler() instanceof HandlerSpec.BeanHandler bean)) {
            throw new IllegalArgumentException(type.code() + " is done by an HTTP target, and by no handler in Java");
        }
        Named named = handler.getAnnotation(Named.class);
        if (named != null && !named.value().isEmpty() && !named.value().equals(bean.name())) {
            throw new IllegalArgumentException(type.source() + " names the handler '" + bean.name() + "', but "
                    + handler.getName() + " is @Named(\"" + named.value() + "\")");
        }
    }

    private Envelope message(boolean cutOffBefore) {
        Instant now = clock.instant();
        return new Envelope(
                jobId,
                1,
                type.code(),
                type.lane().written(),
                DEFAULT_PRIORITY,
                run - 1,
                attempt - 1,
                type.retry().maxAttempts(),
                0,
                cutOffBefore,
                false,
                false,
                submitter,
                requestId,
                parent,
                root,
                now,
                null,
                now.plus(type.expireAfter()),
                null,
                body,
                size);
    }
}
