package azukari.dispatch;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.catalog.Channel;
import azukari.catalog.Rate;
import azukari.database.Tx;
import azukari.handler.BoundHandler;
import azukari.handler.Handler;
import azukari.handler.Handlers;
import azukari.handler.Outcome;
import azukari.handler.RunContext;
import azukari.job.Job;
import azukari.job.RunOutcome;
import azukari.limit.ChannelTable;
import azukari.limit.Need;
import azukari.platform.SystemClock;
import azukari.testing.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A lane over a real store, with a handler for each job, that notes who was run. */
final class LaneBench implements AutoCloseable {
    private static final String TYPE = """
            code: %s
            title: A test's work
            description: A test's event type.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {bean: noop}
            timeout: %s
            onCrash: %s
            """;

    final FaultySource faults = new FaultySource();
    final Bench bench = new Bench(
            Store.H2,
            Map.of(
                    "brief.yaml", TYPE.formatted("BRIEF", "200ms", "rerun"),
                    "once.yaml", TYPE.formatted("ONCE", "1h", "ask"),
                    "asked.yaml", TYPE.formatted("ASKED", "1h", "probe"),
                    "work.yaml", TYPE.formatted("WORK", "1h", "rerun")),
            faults::over);
    final Claiming claiming = new Claiming();
    private final Map<UUID, Handler<JsonNode>> scripts = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<Thread, UUID> inside = new ConcurrentHashMap<>();
    private final List<String> contradictions = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Runner runner;
    private final Dispatcher dispatcher;

    /** @param longest how long a pack may take before it is broken up */
    LaneBench(Duration longest) {
        BoundHandler<?> handler = BoundHandler.of(new Scripted(), Scripted.class);
        Map<String, BoundHandler<?>> all = new ConcurrentHashMap<>();
        Stream.of("BRIEF", "ONCE", "ASKED", "WORK").forEach(code -> all.put(code, handler));
        runner = new Runner(
                Handlers.of(all),
                bench.verdicts,
                claiming,
                bench.progress,
                CallSlots.UNLIMITED,
                bench.threads,
                bench.clock);
        dispatcher = bench.dispatcher(claiming, new Suspects(bench.exits, bench.clock), runner, longest);
        claiming.open(bench.me, Bench.ALWAYS);
    }

    /** Does what its job's script says, and succeeds without one. */
    public final class Scripted implements Handler<JsonNode> {
        @Override
        public Outcome handle(JsonNode body, RunContext run) throws Exception {
            String call = run.jobId() + " " + run.run();
            if (calls.contains(call)) {
                contradictions.add("run twice: " + call);
            }
            calls.add(call);
            UUID other = inside.put(Thread.currentThread(), run.jobId());
            if (other != null) {
                contradictions.add("one thread in two handlers: " + other + ", " + run.jobId());
            }
            try {
                Handler<JsonNode> script = scripts.get(run.jobId());
                return script == null ? Outcome.succeeded() : script.handle(body, run);
            } finally {
                inside.remove(Thread.currentThread());
            }
        }
    }

    Job job(String code) {
        return bench.accept(anOrder().code(code).build());
    }

    /** Jobs that a channel of this rate has been given room for, all at once. */
    Job[] limited(String rate, int count) {
        Channel channel = new Channel("north", Optional.of(Rate.parse(rate)), Optional.empty());
        bench.database.inTransaction(tx -> {
            ChannelTable.declare(tx, channel, Optional.empty());
            return null;
        });
        List<Job> jobs = bench.accept(Stream.generate(() ->
                        anOrder().code("WORK").needs(Need.channel("north")).build())
                .limit(count)
                .toList());
        bench.admission.look(List.of(Need.channel("north").capacity()));
        bench.admission.pass();
        return jobs.stream().map(this::now).toArray(Job[]::new);
    }

    /** Puts off the calls of whatever is limited; returns the next slot. */
    Instant nextSlotIn(Duration time) {
        Instant slot =
                SystemClock.utc().instant().truncatedTo(ChronoUnit.MICROS).plus(time);
        bench.database.inTransaction(tx -> tx.update("UPDATE capacity SET next_slot = ?", slot));
        return slot;
    }

    Instant nextSlot() {
        return bench.database
                .inTransaction(tx -> tx.query("SELECT next_slot FROM capacity", row -> Tx.instant(row, "next_slot")))
                .get(0);
    }

    void script(Job job, Handler<JsonNode> handler) {
        scripts.put(job.id(), handler);
    }

    /** Works one message off, on this thread. */
    void dispatch(Job... jobs) {
        dispatcher.dispatch(bench.packOf(List.of(jobs)));
    }

    /** Works one message off, on a thread of its own. */
    Future<?> send(Job... jobs) {
        return threads.submit(() -> dispatch(jobs));
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Job now(Job job) {
        return bench.read(job.id());
    }

    /** The numbers of the runs that reached a job's handler. */
    List<Integer> calls(Job job) {
        return calls.stream()
                .filter(call -> call.startsWith(job.id().toString()))
                .map(call -> Integer.valueOf(call.substring(call.indexOf(' ') + 1)))
                .toList();
    }

    List<RunOutcome> ledger(Job job) {
        return ledger(job, run -> run.outcome());
    }

    <T> List<T> ledger(Job job, Function<azukari.job.RunEntry, T> what) {
        return bench.runsOf(job).stream().map(what).toList();
    }

    @Override
    public void close() {
        faults.comeBack();
        claiming.stop();
        threads.shutdownNow();
        runner.stop();
        bench.close();
        assertThat(contradictions).isEmpty();
    }
}
