package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Answer;
import azukari.testing.HttpTarget;
import azukari.testing.ManyClients;
import azukari.testing.ManyClients.Client;
import azukari.testing.ServerProcess;
import azukari.testing.TestCatalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A thousand waiting clients and a thousand streams on one node, all from one thread here. Shows that they do not need a thread
 * each; how much memory each takes; that all clients whose jobs end are notified; that clients that vanish silently are dropped
 * within a minute; and that a node shutting down answers all waiting clients, ends all streams and stops at once.
 */
class ManyClientsIT {
    private static final int MANY = 1000;
    private static final int FEW = 100;
    private static final String CODE = "MANY_WORK";
    private static final Duration START = Duration.ofSeconds(90);
    /** Each look has the server collect its garbage. */
    private static final Duration POLL = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** For what only prepares: the server has just started, and compiles what it runs. */
    private static final Duration PREPARATION = Duration.ofMinutes(2);
    /** Those of the container, which come and go with the requests that are being taken. */
    private static final int OTHER_THREADS = 40;

    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void a_thousand_clients_wait_and_a_thousand_follow_streams() throws Exception {
        try (HttpTarget target = HttpTarget.start().answer("/work", call -> whenReleased());
                ServerProcess server = ServerProcess.named("many-clients")
                        .warmingUp("768m")
                        .catalog(TestCatalog.named("many-clients-catalog")
                                .outside(CODE, target.uri("/work"), "timeout: 120s")
                                .folder())
                        .build()
                        .start()
                        .awaitReady(START)) {
            try (ManyClients first = new ManyClients(server.uri())) {
                allAnswered(posts(first, FEW, "wait=0"), "HTTP/1.1 202");
                // As many at once as later, none of which waits: so the container's request threads are all there
                // before.
                answered(first, MANY);
            }
            Seen before = Seen.of(server);

            try (ManyClients clients = new ManyClients(server.uri())) {
                List<Client> posts = posts(clients, MANY, "wait=60");
                String job = "jobs/" + waitingJob(clients) + "/stream";
                List<Client> jobs = gets(clients, MANY / 2, i -> job);
                List<Client> feeds = gets(clients, MANY / 2, i -> "notifications/stream?submitter=s-" + i);
                all(jobs, client -> client.hasReceived("event: state"));
                all(feeds, client -> client.hasReceived("retry: "));
                Seen during = Seen.of(server);
                assertThat(posts).noneMatch(client -> client.hasReceived("HTTP/1.1"));
                System.out.printf(
                        "many clients: %d waits and %d streams; threads %d before, %d with them; heap %d B a client, resident %d B a client%n",
                        MANY,
                        MANY,
                        before.threads(),
                        during.threads(),
                        (during.liveBytes() - before.liveBytes()) / (2 * MANY),
                        (during.resident() - before.resident()) / (2 * MANY));
                assertThat(during.threads())
                        .as("threads before %s, now %s", before.threadNames(), during.threadNames())
                        .isLessThan(before.threads() + OTHER_THREADS);

                long released = System.nanoTime();
                release.countDown();
                allAnswered(posts, "HTTP/1.1 200");
                all(feeds, client -> client.hasReceived("event: notification"));
                System.out.printf(
                        "many clients: all %d jobs ended and all were told within %d ms%n",
                        MANY, Duration.ofNanos(System.nanoTime() - released).toMillis());

                List<Client> waits = new ArrayList<>();
                String path = job.replace("/stream", "");
                for (int i = 0; i < MANY; i++) {
                    waits.add(clients.get(path, "Prefer: wait=20"));
                }
                await().atMost(PATIENCE).until(() -> Seen.of(server).count("azukari.watch.Watch") >= MANY);
                assertThat(waits).noneMatch(client -> client.hasReceived("HTTP/1.1"));
                assertThat(Seen.of(server).count("azukari.sse.EventStream")).isEqualTo(MANY);
            }
            long gone = System.nanoTime();
            await("all to be forgotten").atMost(PATIENCE).pollInterval(POLL).until(() -> {
                Seen now = Seen.of(server);
                return now.count("azukari.sse.EventStream") == 0 && now.count("azukari.watch.Watch") == 0;
            });
            System.out.printf(
                    "many clients: those who went away were forgotten after %d s%n",
                    Duration.ofNanos(System.nanoTime() - gone).toSeconds());

            try (ManyClients last = new ManyClients(server.uri())) {
                String job = waitingJob(last);
                List<Client> waits = gets(last, FEW, i -> "jobs/" + job, "Prefer: wait=60");
                List<Client> streams = gets(last, FEW, i -> "jobs/" + job + "/stream");
                List<Client> feeds = gets(last, FEW, i -> "notifications/stream");
                all(streams, client -> client.hasReceived("event: state"));
                all(feeds, client -> client.hasReceived("retry: "));
                await().atMost(PATIENCE).until(() -> Seen.of(server).count("azukari.watch.Watch") == 2 * FEW);

                long asked = System.nanoTime();
                assertThat(server.terminate()).isZero();

                Duration stop = Duration.ofNanos(System.nanoTime() - asked);
                System.out.printf("many clients: stopped in %d ms with all of them there%n", stop.toMillis());
                assertThat(stop).isLessThan(Duration.ofSeconds(10));
                allAnswered(waits, "HTTP/1.1 200");
                all(streams, client -> client.hasReceived("\r\n0\r\n\r\n"));
                all(feeds, client -> client.hasReceived("\r\n0\r\n\r\n"));
            }
            assertThat(server.log()).doesNotContain("WELD-").doesNotContain("Exception");
        }
    }

    private Answer whenReleased() {
        try {
            release.await();
            return Answer.ok();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.closedConnection();
        }
    }

    private static List<Client> posts(ManyClients clients, int count, String preference) {
        return IntStream.range(0, count)
                .mapToObj(i -> clients.post(
                        "events",
                        "{\"code\":\"" + CODE + "\",\"body\":{},\"submitter\":\"s-" + i % (MANY / 2) + "\"}",
                        "Prefer: " + preference))
                .toList();
    }

    /** One that does not end by itself. */
    private static String waitingJob(ManyClients clients) {
        Client client = clients.post("events", "{\"code\":\"NOOP\",\"notBefore\":\"2040-01-01T00:00:00Z\"}");
        all(List.of(client), accepted -> accepted.hasReceived("\"id\":"));
        return client.received().replaceAll("(?s).*?\"id\":\"([^\"]*)\".*", "$1");
    }

    private static List<Client> gets(
            ManyClients clients, int count, java.util.function.IntFunction<String> path, String... headers) {
        return IntStream.range(0, count)
                .mapToObj(i -> clients.get(path.apply(i), headers))
                .toList();
    }

    private static void allAnswered(List<Client> clients, String status) {
        all(clients, ManyClientsIT::isAnswered);
        assertThat(clients).allSatisfy(client -> assertThat(client.received()).startsWith(status));
    }

    /** Asks for so many lists at once, and again for those that were refused because the database was busy with the others. */
    private static void answered(ManyClients clients, int count) {
        long deadline = System.nanoTime() + PREPARATION.toNanos();
        int missing = count;
        while (missing > 0) {
            assertThat(System.nanoTime()).as("%d lists are missing", missing).isLessThan(deadline);
            List<Client> lists = gets(clients, missing, i -> "jobs?limit=50");
            await().atMost(PREPARATION)
                    .until(() -> lists.stream().allMatch(client -> isAnswered(client) || isRefused(client)));
            List<Client> answered =
                    lists.stream().filter(ManyClientsIT::isAnswered).toList();
            allAnswered(answered, "HTTP/1.1 200");
            missing -= answered.size();
        }
    }

    private static boolean isAnswered(Client client) {
        return client.hasReceived("\"links\":");
    }

    private static boolean isRefused(Client client) {
        return client.hasReceived("urn:azukari:problem:unavailable");
    }

    private static void all(List<Client> clients, java.util.function.Predicate<Client> condition) {
        await().atMost(PATIENCE).until(() -> clients.stream().allMatch(condition));
    }

    /**
     * A server from outside.
     *
     * @param liveBytes what is reachable in its heap
     * @param resident its resident memory, in bytes
     * @param instances how many instances of our own classes are reachable
     */
    private record Seen(
            Map<String, Integer> threadNames, long liveBytes, long resident, Map<String, Integer> instances) {
        int threads() {
            return threadNames.values().stream().mapToInt(Integer::intValue).sum();
        }

        /** How many threads of each name there are, numbers in names left out. */
        private static Map<String, Integer> threadNames(long pid) throws IOException {
            Map<String, Integer> names = new java.util.TreeMap<>();
            try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
                for (Path task : tasks.toList()) {
                    names.merge(name(task), 1, Integer::sum);
                }
            }
            return names;
        }

        private static String name(Path task) throws IOException {
            try {
                return Files.readString(task.resolve("comm")).strip().replaceAll("\\d+", "#");
            } catch (NoSuchFileException e) {
                return "ended";
            }
        }

        static Seen of(ServerProcess server) throws IOException {
            String status = Files.readString(Path.of("/proc/" + server.pid() + "/status"));
            Map<String, Integer> instances = new java.util.HashMap<>();
            long bytes = 0;
            for (String line : histogram(server.pid()).lines().toList()) {
                String[] columns = line.strip().split("\\s+", -1);
                if (columns.length >= 4 && columns[3].startsWith("azukari.")) {
                    instances.put(columns[3], Integer.valueOf(columns[1]));
                } else if (columns[0].equals("Total")) {
                    bytes = Long.parseLong(columns[2]);
                }
            }
            return new Seen(threadNames(server.pid()), bytes, 1024L * number(status, "VmRSS"), instances);
        }

        int count(String type) {
            return instances.getOrDefault(type, 0);
        }

        private static int number(String status, String name) {
            return Integer.parseInt(status.replaceAll("(?s).*\n" + name + ":\\s*(\\d+).*", "$1"));
        }

        private static String histogram(long pid) throws IOException {
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(pid),
                            "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
