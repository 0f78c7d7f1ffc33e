package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Accepted;
import azukari.testing.ApiClient;
import azukari.testing.Call;
import azukari.testing.History;
import azukari.testing.HistoryReader;
import azukari.testing.ItFolder;
import azukari.testing.Oracle;
import azukari.testing.ServerFolder;
import azukari.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The kill tests' work in packs: jobs that become due at the same instant, now and then a slow one, and the diary of what ran when,
 * on whichever node. {@code -Dkill.seed=N} repeats the moments of an earlier run.
 */
final class PackedJobs {
    static final Duration READY_TIMEOUT = Duration.ofSeconds(90);

    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
    private static final String CODE = "PACKED_WORK";
    private static final int JOBS = 256;
    /** One job in so many takes longer than a pack may take: more than one in each full pack. */
    private static final int SLOW_EVERY = 40;

    private static final int SLOW_MILLIS = 60;
    /** What a run writes into the diary, about; somewhat less than that. */
    private static final int BYTES_OF_A_RUN = 100;

    private static final Duration GLANCE = Duration.ofMillis(1);
    /** After so many short runs the slow ones of before are forgotten. */
    private static final int LEARNED = 80;

    private static final int CLIENTS = 8;
    private static final Duration LONGEST_POSTING = Duration.ofSeconds(10);
    private static final Duration SHORTEST_POSTING = Duration.ofSeconds(4);
    /** By so much a posting may take longer than the one before it. */
    private static final int RESERVE = 4;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TYPE = """
            code: PACKED_WORK
            title: A test's work
            description: Short work that travels in packs, now and then long.
            owner: tests
            body: {type: object, properties: {millis: {type: integer}}}
            examples: [{millis: 0}]
            handler: {bean: packed-work}
            lane: default
            onCrash: rerun
            """;

    private final Random moments = new Random(SEED);
    private final List<Accepted> accepted = new ArrayList<>();
    private final Map<Long, Long> deaths = new HashMap<>();
    private Duration posting = LONGEST_POSTING;
    private final String name;
    private final Path folder;
    private final Path diary;

    PackedJobs(String name) {
        this.name = name;
        folder = ItFolder.fresh(name + "-work");
        diary = folder.resolve("diary.txt");
        System.out.println(name + ": seed " + SEED);
    }

    /** A server that can do this work. */
    ServerProcess.Builder server(String server) throws IOException {
        Path catalog = folder.resolve("catalog");
        Files.createDirectories(catalog);
        Files.writeString(catalog.resolve("packed-work.yaml"), TYPE);
        return ServerProcess.named(server)
                .server(ServerFolder.changed(server + "-server", PackedWork.class))
                .catalog(catalog)
                .env(PackedWork.DIARY, diary.toString())
                .env("AZUKARI_LANE_DEFAULT_MAX_SESSIONS", "4");
    }

    static ApiClient client(ServerProcess server) {
        return new ApiClient(server.uri(), Duration.ofSeconds(30));
    }

    /** Ends a server, and notes when, because no run of it goes on from then on. */
    void kill(ServerProcess server) {
        long process = server.pid();
        server.kill9();
        deaths.put(process, System.nanoTime());
    }

    /** What never ran on a node counts as long there, and travels alone. */
    void learn(ApiClient api) {
        for (int i = 0; i < LEARNED; i++) {
            post(api, 0, Instant.now());
        }
        awaitEnds(api);
    }

    /** Lets one lot run without slow jobs and without a kill. What was broken off would travel alone, and be counted again. */
    double jobsPerMessage(ApiClient api) throws Exception {
        learn(api);
        double jobs = api.metric("azukari_relay_jobs_total");
        double messages = api.metric("azukari_relay_batch_messages_sum");
        postTogether(api, 0);
        awaitEnds(api);
        return (api.metric("azukari_relay_jobs_total") - jobs)
                / (api.metric("azukari_relay_batch_messages_sum") - messages);
    }

    /** Posts jobs that all become due at one instant, soon; some of them are slow. */
    void postTogether(ApiClient api) throws Exception {
        postTogether(api, SLOW_MILLIS);
    }

    private void postTogether(ApiClient api, int slowMillis) throws Exception {
        Instant begin = Instant.now();
        Instant due = begin.plus(posting);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> posts = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                int millis = i % SLOW_EVERY == 0 ? slowMillis : 0;
                posts.add(clients.submit(() -> post(api, millis, due)));
            }
            for (Future<?> post : posts) {
                post.get();
            }
        } finally {
            clients.shutdown();
        }
        Instant end = Instant.now();
        assertThat(end).as("all were posted before they were due").isBefore(due);
        Duration expected = Duration.between(begin, end).multipliedBy(RESERVE);
        posting = expected.compareTo(SHORTEST_POSTING) < 0 ? SHORTEST_POSTING : expected;
    }

    private void post(ApiClient api, int millis, Instant notBefore) {
        String request = UUID.randomUUID().toString();
        Map<String, Object> event = Map.of(
                "code",
                CODE,
                "requestId",
                request,
                "body",
                Map.of("millis", millis),
                "notBefore",
                notBefore.toString());
        Accepted promise = new Accepted(api.post(event).body().path("id").asString(), request, CODE);
        synchronized (accepted) {
            accepted.add(promise);
        }
    }

    /** Waits until the diary has grown by a random part of one lot. */
    void awaitSomeOf(long before) {
        long enough = before + moments.nextInt(JOBS * BYTES_OF_A_RUN);
        await("some of the work").atMost(PATIENCE).pollInterval(GLANCE).until(() -> Files.size(diary) > enough);
    }

    /** The diary's length, in bytes. */
    long written() throws IOException {
        return Files.size(diary);
    }

    static void awaitAllQueued(ApiClient api) {
        await("all jobs to be due").atMost(PATIENCE).until(() -> api.firstJobs("state=WAITING")
                .isEmpty());
    }

    static void awaitEnds(ApiClient api) {
        await("all jobs to end").atMost(PATIENCE).until(() -> List.of("WAITING", "QUEUED", "RUNNING").stream()
                .allMatch(state -> api.firstJobs("state=" + state).isEmpty()));
    }

    /** Waits until all has ended, and fails unless every promise was kept, for each job by itself. */
    void assertKept(ApiClient api) throws IOException {
        awaitEnds(api);
        History history = new HistoryReader(api).read(accepted, calls(), Set.of());
        assertThat(new Oracle(Set.of(), Set.of(CODE)).check(history)).isEmpty();
        assertThat(history.jobs()).allSatisfy(job -> assertThat(job.state()).isEqualTo("SUCCEEDED"));
        List<String> outcomes = history.runs().values().stream()
                .flatMap(List::stream)
                .map(History.Run::outcome)
                .toList();
        System.out.println(name + ": " + history.jobs().size() + " jobs, " + outcomes.size() + " runs");
        assertThat(outcomes).as("packs were broken up, and cut off").contains("NOT_BEGUN", "INTERRUPTED");
    }

    /**
     * All in one epoch, for all nodes share the machine's clock: no run of a job begins before the one before it has ended, by itself
     * or with its process.
     */
    private List<Call> calls() throws IOException {
        Map<String, Call> calls = new LinkedHashMap<>();
        for (String line : Files.readAllLines(diary)) {
            String[] part = line.split(" ", -1);
            String key = part[1] + " " + part[2];
            long at = Long.parseLong(part[5]);
            if (part[0].equals("begin")) {
                long longest = deaths.getOrDefault(Long.parseLong(part[4]), Call.GOING_ON);
                Call begun = new Call(
                        0, CODE, part[1], Long.parseLong(part[2]), Integer.parseInt(part[3]), "", at, longest, 0);
                assertThat(calls.put(key, begun))
                        .as("run " + key + " began twice")
                        .isNull();
            } else {
                calls.compute(
                        key,
                        (run, begun) -> new Call(
                                0, CODE, begun.job(), begun.run(), begun.attempt(), "", begun.begin(), at, 200));
            }
        }
        return List.copyOf(calls.values());
    }
}
