package azukari.testing;

import azukari.testing.Submitters.Event;
import azukari.testing.Violation.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server under load, killed at random moments and restarted, with an external system that records what it does. The moments and the
 * events come from one seed; the timing in between does not.
 */
public final class KillScenario implements AutoCloseable {
    private static final String OUTSIDE = "CALL_OUTSIDE";
    private static final String PATH = "/work";
    private static final Set<String> CHAINED = Set.of(OUTSIDE, "START_EC2");
    private static final List<String> NOT_ENDED = List.of("WAITING", "QUEUED", "RUNNING");
    /** Rules that no later event can mend, and that need no ledger to be read. */
    private static final Set<Rule> BROKEN_FOR_GOOD = Set.of(Rule.ACCEPTED_EXISTS, Rule.NO_OVERLAP);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final int CLIENTS = 4;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(90);
    private static final int EARLIEST_KILL_MILLIS = 300;
    private static final int LATEST_KILL_MILLIS = 4_000;
    private static final Duration POLL = Duration.ofSeconds(2);
    /** One look may miss a job that moves on between its queries. */
    private static final int QUIET_LOOKS = 2;

    private final Random moments;
    private final HttpTarget target;
    private final Oracle oracle = new Oracle(CHAINED, Set.of(OUTSIDE));
    private final ServerProcess server;
    private final ApiClient api;
    private final Submitters submitters;
    private final String name;
    private int kills;

    private KillScenario(
            HttpTarget target, String name, long seed, UnaryOperator<ServerProcess.Builder> configuration) {
        this.target = target;
        this.name = name;
        System.out.println(name + ": seed " + seed);
        moments = new Random(seed);
        Set<String> seen = ConcurrentHashMap.newKeySet();
        target.answer(PATH, call -> answer(call, seen.add(call.job())));
        ServerProcess.Builder builder =
                ServerProcess.named(name).catalog(catalog(ItFolder.fresh(name).resolve("catalog")));
        server = configuration.apply(builder).build();
        api = new ApiClient(server.uri(), Duration.ofSeconds(30));
        server.start();
        try {
            server.awaitReady(READY_TIMEOUT);
        } catch (AssertionError e) {
            server.close();
            throw e;
        }
        submitters = Submitters.start(server.uri(), CLIENTS, PAUSE, seed, KillScenario::event);
    }

    /** Starts a server and the clients, and waits until it is ready. */
    public static KillScenario start(String name, long seed, UnaryOperator<ServerProcess.Builder> configuration) {
        HttpTarget target = HttpTarget.start();
        try {
            return new KillScenario(target, name, seed, configuration);
        } catch (RuntimeException | AssertionError e) {
            target.close();
            throw e;
        }
    }

    /** Lets the server work for a random time, kills it, starts it again and waits until it is ready. */
    public void killAndRestart() {
        int millis = moments.nextInt(EARLIEST_KILL_MILLIS, LATEST_KILL_MILLIS);
        if (server.endedWithin(Duration.ofMillis(millis))) {
            throw new AssertionError(
                    "the server ended by itself, with status " + server.exitCode() + ". " + server.tail());
        }
        server.kill9();
        kills++;
        target.nextEpoch();
        long down = System.nanoTime();
        server.start().awaitReady(READY_TIMEOUT);
        System.out.printf(
                "%s: kill %d after %d ms, up again after %d ms; accepted %d, repeated posts %d, calls outside %d%n",
                name,
                kills,
                millis,
                Duration.ofNanos(System.nanoTime() - down).toMillis(),
                submitters.accepted().size(),
                submitters.repeatedPosts(),
                target.calls().size());
    }

    /**
     * Looks again and again, with the server working, for promises that are broken whatever comes after.
     *
     * @param longest when to give up; empty then
     */
    public List<Violation> awaitBrokenForGood(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            List<Violation> found = brokenForGood();
            if (!found.isEmpty() || System.nanoTime() > deadline) {
                found.forEach(violation -> System.out.println(name + ": " + violation));
                return found;
            }
            if (server.endedWithin(POLL)) {
                throw new AssertionError("the server ended with status " + server.exitCode() + ". " + server.tail());
            }
        }
    }

    /** What was promised is read before what there is: nothing seems to be lost that only came later. */
    private List<Violation> brokenForGood() {
        History.Builder history = History.builder();
        history.accepted.addAll(submitters.accepted());
        history.calls.addAll(target.calls());
        history.jobs.addAll(new HistoryReader(api).jobs());
        return oracle.check(history.build()).stream()
                .filter(violation -> BROKEN_FOR_GOOD.contains(violation.rule()))
                .toList();
    }

    /**
     * Ends the clients' work, waits until all jobs have ended or the patience has, and says what is wrong.
     *
     * @param patience for the jobs to end; those that have not by then are violations
     */
    public List<Violation> finish(Duration patience) {
        submitters.stopAndWait();
        awaitEnds(patience);
        History history = new HistoryReader(api).read(submitters.accepted(), target.calls(), CHAINED);
        System.out.printf(
                "%s: %d kills, %d accepted, %d jobs, %d runs, %d repeated runs, %d calls outside, %d notifications%n",
                name,
                kills,
                history.accepted().stream().map(Accepted::job).distinct().count(),
                history.jobs().size(),
                history.runs().values().stream().mapToInt(List::size).sum(),
                history.runs().values().stream()
                        .mapToInt(runs -> Math.max(0, runs.size() - 1))
                        .sum(),
                history.calls().size(),
                history.notifications().size());
        return oracle.check(history);
    }

    /** What went wrong on the clients' side: refused events, requests without an answer. */
    public List<String> clientFailures() {
        return submitters.failures();
    }

    @Override
    public void close() {
        submitters.close();
        server.close();
        target.close();
    }

    private void awaitEnds(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        int quiet = 0;
        while (quiet < QUIET_LOOKS && System.nanoTime() < deadline) {
            List<Integer> left = NOT_ENDED.stream()
                    .map(state -> api.jobs("state=" + state).size())
                    .toList();
            System.out.println(name + ": " + NOT_ENDED + " " + left);
            quiet = left.stream().allMatch(count -> count == 0) ? quiet + 1 : 0;
            if (server.endedWithin(POLL)) {
                throw new AssertionError("the server ended with status " + server.exitCode() + ". " + server.tail());
            }
        }
    }

    /** Half of the events call the outside, the rest are the bundled ones; some fail for good. */
    private static Event event(Random random) {
        int dice = random.nextInt(10);
        if (dice < 3) {
            return new Event("NOOP", Map.of("n", random.nextInt(1_000)));
        }
        if (dice < 5) {
            Map<String, Object> vm =
                    Map.of("instanceId", "i-" + random.nextInt(1_000_000), "seconds", random.nextInt(3));
            return new Event("START_EC2", random.nextInt(4) == 0 ? with(vm, "fail", true) : vm);
        }
        int first = List.of(200, 200, 200, 500, 503, 400).get(random.nextInt(6));
        return new Event(OUTSIDE, Map.of("millis", random.nextInt(800), "first", first));
    }

    private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
        return Stream.concat(map.entrySet().stream(), Stream.of(Map.entry(key, value)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The event says how long its work takes and how its first call is answered; all further calls succeed. */
    private static Answer answer(Call call, boolean isFirst) {
        JsonNode body = JSON.readTree(call.body());
        int status = isFirst ? body.path("first").asInt() : 200;
        return Answer.status(status)
                .after(Duration.ofMillis(body.path("millis").asInt()))
                .json("{\"run\":" + call.run() + "}");
    }

    private Path catalog(Path folder) {
        String type = """
                code: %s
                title: Call the outside
                description: The kill test's work, done by an HTTP target in the test.
                owner: tests
                body:
                  type: object
                  required: [millis, first]
                  properties:
                    millis: {type: integer}
                    first: {type: integer}
                examples: [{millis: 100, first: 200}]
                handler: {http: {method: POST, url: "%s", timeout: 20s}}
                lane: outside
                retry: {maxAttempts: 5, backoff: 200ms, factor: 2, maxBackoff: 2s, jitter: 0.2}
                timeout: 30s
                onCrash: rerun
                onSucceeded: [CREATE_ALARM]
                onFailed: [CREATE_ALARM]
                """.formatted(OUTSIDE, target.uri(PATH));
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("call-outside.yaml"), type);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("could not write the catalogue", e);
        }
    }
}
