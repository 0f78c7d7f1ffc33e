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
import azukari.testing.Postgres;
import azukari.testing.ServerFolder;
import azukari.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Killed while packs of the largest size are under way, with a slow job in each. Jobs that become due at the same instant travel
 * like that. {@code -Dkill.seed=N} repeats the moments of an earlier run.
 */
@Execution(ExecutionMode.CONCURRENT)
class PackKillIT {
    private static final int KILLS_ON_POSTGRES = Math.max(3, Integer.getInteger("kill.count", 20) / 3);
    private static final int KILLS_ON_H2 = Math.max(2, Integer.getInteger("kill.count", 20) / 10);
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
    private static final String CODE = "PACKED_WORK";
    private static final int JOBS = 256;
    /** One job in so many takes longer than a pack may take: more than one in each full pack. */
    private static final int SLOW_EVERY = 40;

    private static final int SLOW_MILLIS = 60;
    /** What a run writes into the diary, about; somewhat less than that. */
    private static final int BYTES_OF_A_RUN = 100;

    /** How many jobs a message has on average when packs travel. */
    private static final double SEVERAL = 8;
    /** While other tests take the processors, runs are longer, and packs are smaller. */
    private static final int LOTS = 10;

    private static final Duration GLANCE = Duration.ofMillis(1);
    /** After so many short runs the slow ones of before are forgotten. */
    private static final int LEARNED = 80;

    private static final int CLIENTS = 8;
    private static final Duration LONGEST_POSTING = Duration.ofSeconds(10);
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(90);
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

    @Test
    void each_job_of_a_pack_keeps_its_promises_on_postgres_however_often_the_server_is_killed() throws Exception {
        assertKept(
                "kill-packs-postgres",
                KILLS_ON_POSTGRES,
                server -> server.database(Postgres.shared().createDatabase()));
    }

    @Test
    void each_job_of_a_pack_keeps_its_promises_on_the_embedded_database_however_often_the_server_is_killed()
            throws Exception {
        assertKept("kill-packs", KILLS_ON_H2, server -> server);
    }

    private void assertKept(String name, int kills, UnaryOperator<ServerProcess.Builder> settings) throws Exception {
        Path folder = ItFolder.fresh(name + "-work");
        Path diary = folder.resolve("diary.txt");
        System.out.println(name + ": seed " + SEED);
        ServerProcess.Builder builder = ServerProcess.named(name)
                .server(ServerFolder.changed(name + "-server", PackedWork.class))
                .catalog(catalog(folder.resolve("catalog")))
                .env(PackedWork.DIARY, diary.toString())
                .env("AZUKARI_LANE_DEFAULT_MAX_SESSIONS", "4");
        try (ServerProcess server = settings.apply(builder).build()) {
            ApiClient api = new ApiClient(server.uri(), Duration.ofSeconds(30));
            server.start().awaitReady(READY_TIMEOUT);
            assertThat(mostJobsPerMessage(api)).as("jobs on a message").isGreaterThan(SEVERAL);
            for (int i = 0; i < kills; i++) {
                learn(api);
                long written = Files.size(diary);
                postTogether(api, SLOW_MILLIS);
                long enough = written + moments.nextInt(JOBS * BYTES_OF_A_RUN);
                await("some of the work").atMost(PATIENCE).pollInterval(GLANCE).until(() -> Files.size(diary) > enough);
                server.kill9();
                server.start().awaitReady(READY_TIMEOUT);
            }
            awaitEnds(api);
            History history = new HistoryReader(api).read(accepted, calls(diary), Set.of());
            assertThat(new Oracle(Set.of(), Set.of(CODE)).check(history)).isEmpty();
            assertThat(history.jobs()).allSatisfy(job -> assertThat(job.state()).isEqualTo("SUCCEEDED"));
            List<String> outcomes = history.runs().values().stream()
                    .flatMap(List::stream)
                    .map(History.Run::outcome)
                    .toList();
            System.out.println(name + ": " + history.jobs().size() + " jobs, " + outcomes.size() + " runs");
            assertThat(outcomes).as("packs were broken up, and cut off").contains("NOT_BEGUN", "INTERRUPTED");
        }
    }

    /** Of the first lot that travels in packs; of the fullest if none does. */
    private double mostJobsPerMessage(ApiClient api) throws Exception {
        double most = 0;
        for (int i = 0; i < LOTS && most <= SEVERAL; i++) {
            most = Math.max(most, jobsPerMessage(api));
        }
        return most;
    }

    /** Lets one lot run without slow jobs and without a kill. What was broken off would travel alone, and be counted again. */
    private double jobsPerMessage(ApiClient api) throws Exception {
        learn(api);
        double jobs = api.metric("azukari_relay_jobs_total");
        double messages = api.metric("azukari_relay_batch_messages_sum");
        postTogether(api, 0);
        awaitEnds(api);
        return (api.metric("azukari_relay_jobs_total") - jobs)
                / (api.metric("azukari_relay_batch_messages_sum") - messages);
    }

    /** What never ran on this node counts as long, and travels alone. */
    private void learn(ApiClient api) {
        for (int i = 0; i < LEARNED; i++) {
            post(api, 0, Instant.now());
        }
        awaitEnds(api);
    }

    /** Posts jobs that all become due at one instant, soon. */
    private void postTogether(ApiClient api, int slowMillis) throws Exception {
        Instant due = Instant.now().plus(LONGEST_POSTING);
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
        assertThat(Instant.now()).as("all were posted before they were due").isBefore(due);
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

    private static void awaitEnds(ApiClient api) {
        await("all jobs to end").atMost(PATIENCE).until(() -> List.of("WAITING", "QUEUED", "RUNNING").stream()
                .allMatch(state -> api.jobs("state=" + state).isEmpty()));
    }

    private static List<Call> calls(Path diary) throws IOException {
        Map<String, Call> calls = new LinkedHashMap<>();
        List<String> processes = new ArrayList<>();
        for (String line : Files.readAllLines(diary)) {
            String[] part = line.split(" ", -1);
            String key = part[1] + " " + part[2];
            if (!processes.contains(part[4])) {
                processes.add(part[4]);
            }
            long at = Long.parseLong(part[5]);
            if (part[0].equals("begin")) {
                Call begun = new Call(
                        processes.indexOf(part[4]),
                        CODE,
                        part[1],
                        Long.parseLong(part[2]),
                        Integer.parseInt(part[3]),
                        "",
                        at,
                        Call.GOING_ON,
                        0);
                assertThat(calls.put(key, begun))
                        .as("run " + key + " began twice")
                        .isNull();
            } else {
                calls.compute(
                        key,
                        (run, begun) -> new Call(
                                begun.epoch(),
                                CODE,
                                begun.job(),
                                begun.run(),
                                begun.attempt(),
                                "",
                                begun.begin(),
                                at,
                                200));
            }
        }
        return List.copyOf(calls.values());
    }

    private static Path catalog(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("packed-work.yaml"), TYPE);
        return folder;
    }
}
