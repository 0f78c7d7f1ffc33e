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
import azukari.job.Event;
import azukari.job.Ticket;
import azukari.outbox.Envelope;
import azukari.platform.Ids;
import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import azukari.platform.SystemClock;
import jakarta.inject.Named;
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
 * One event about to be run: configures its {@code RunContext} and when it is asked to stop. Not thread-safe; {@link
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
            return Json.parse(text);
        } catch (MalformedJsonException e) {
            throw new InvalidBodyException("the body is not JSON: " + e.getMessage(), e);
        }
    }

    /** Sets the job's id, which is the idempotency key; a new one by default. */
    public EventRun jobId(UUID id) {
        jobId = id;
        root = parent == null ? id : root;
        return this;
    }

    /**
     * Makes the event one that another job emitted.
     *
     * @param parentId the emitting job
     * @param rootId the first job of the chain
     */
    public EventRun emittedBy(UUID parentId, UUID rootId) {
        parent = parentId;
        root = rootId;
        return this;
    }

    /** Sets the submitter of the event; {@code anonymous} by default. */
    public EventRun submitter(String name) {
        submitter = name;
        return this;
    }

    /** Sets the client's request id; null, the default, for none. */
    public EventRun requestId(String id) {
        requestId = id;
        return this;
    }

    /**
     * Makes this a later attempt, after runs that all counted as attempts. On the last attempt that the event type's {@code
     * retry} allows, the job fails instead of being retried.
     *
     * @throws IllegalArgumentException unless the number is from 1 to {@code retry.maxAttempts}
     */
    public EventRun attempt(int number) {
        int most = type.retry().maxAttempts();
        if (number < 1 || number > most) {
            throw new IllegalArgumentException(
                    "attempt " + number + " is out of range: " + type.code() + " has attempts 1 to " + most);
        }
        attempt = number;
        run = number;
        return this;
    }

    /**
     * Makes this a later run, after runs some of which used up no attempt.
     *
     * @param number at least {@link #attempt}
     * @throws IllegalArgumentException if the number is less than that
     */
    public EventRun runNumber(int number) {
        if (number < attempt) {
            throw new IllegalArgumentException(
                    "attempt " + attempt + " cannot be run " + number + ": the run number is at least " + attempt);
        }
        run = number;
        return this;
    }

    /**
     * Sets the time of the run, which does not advance; by default the system clock is used. {@code deadline()} is later by the
     * event type's {@code timeout}, and {@link RunReport#dueAt} by the delay. Timeouts, {@link #cancelAfter} and the like still
     * take real time.
     */
    public EventRun at(Instant begin) {
        clock = Clock.fixed(begin, ZoneOffset.UTC);
        return this;
    }

    /** Makes the run time out after this time, if its {@code timeout} does not end it sooner; zero: when the handler starts. */
    public EventRun timeOutAfter(Duration time) {
        return ask(Ask.TIMEOUT, time);
    }

    /** Cancels the job after this time; zero: when the handler starts. */
    public EventRun cancelAfter(Duration time) {
        return ask(Ask.CANCEL, time);
    }

    /** Shuts the node down after this time, with no time left to drain; zero: when the handler starts. */
    public EventRun shutDownAfter(Duration time) {
        return ask(Ask.SHUTDOWN, time);
    }

    private EventRun ask(Ask why, Duration after) {
        if (after.isNegative()) {
            throw new IllegalArgumentException("the time must not be negative, but is " + after);
        }
        asks.put(why, after);
        return this;
    }

    /**
     * Runs the handler on this thread. Exceptions of the handler are not propagated: they determine how the run ends, and are in
     * the report and the log.
     *
     * @param handler created by the test; its class determines what the body is mapped to, except for a lambda, which takes a
     *     {@code JsonNode}
     * @throws IllegalArgumentException if the document names another handler
     */
    public <B> RunReport handledBy(Handler<B> handler) {
        return report(handler, false);
    }

    /**
     * Runs the handler after an interrupted run: {@code probe} is called first, and {@link Handler#handle} only if the effect did
     * not happen.
     *
     * @throws IllegalArgumentException if the document does not specify {@code onCrash: probe}, or names another handler
     */
    public <B> RunReport probedBy(Handler<B> handler) {
        if (type.onCrash() != OnCrash.PROBE) {
            throw new IllegalArgumentException(
                    type.code() + " does not specify 'onCrash: probe', so its handler is never probed");
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

    /** Checks the handler's name, as the server does at startup. */
    private void requireNamed(Class<?> handler) {
        if (!(type.handler() instanceof HandlerSpec.BeanHandler bean)) {
            throw new IllegalArgumentException(type.code()
                    + (type.fanOut().isEmpty() ? " is handled by an HTTP target" : " fans out to other event types")
                    + ", not by a Java handler");
        }
        Named named = handler.getAnnotation(Named.class);
        if (named != null && !named.value().isEmpty() && !named.value().equals(bean.name())) {
            throw new IllegalArgumentException(type.source() + " names the handler '" + bean.name() + "', but "
                    + handler.getName() + " is @Named(\"" + named.value() + "\")");
        }
    }

    private Envelope message(boolean cutOffBefore) {
        Instant now = clock.instant();
        Event event = Event.builder()
                .job(jobId)
                .code(type.code())
                .lane(type.lane().written())
                .priority(DEFAULT_PRIORITY)
                .maxAttempts(type.retry().maxAttempts())
                .submitter(submitter)
                .requestId(requestId)
                .parent(parent)
                .root(root)
                .createdAt(now)
                .build();
        Ticket ticket =
                new Ticket(1, run - 1, attempt - 1, 0, cutOffBefore, false, false, now.plus(type.expireAfter()));
        return new Envelope(event, ticket, body, null, size, null);
    }
}
