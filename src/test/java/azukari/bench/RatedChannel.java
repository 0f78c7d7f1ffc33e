package azukari.bench;

import static org.awaitility.Awaitility.await;

import azukari.bench.Processes.Cpu;
import azukari.bench.server.CallHandler;
import azukari.testing.ApiClient;
import azukari.testing.ServerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** How much of a channel's rate two nodes make of a backlog of batches, and how fast they are without the channel. */
final class RatedChannel {
    private static final int WARM_UP_BATCHES = 2;
    /** Until the compilers have little left to do. */
    private static final int RATED_WARM_UP_BATCHES = 8;

    private static final int RATED_BATCHES = 2;
    /** The last of them need not end. */
    private static final int FREE_BATCHES = 6;

    private static final String HOLDS_RATED = "channels/" + LimitedTypes.RATED_CHANNEL;
    private static final String HOLDS_KEYED = "channels/" + LimitedTypes.KEYED_CHANNEL;
    private static final String HOLDS_FREE = "queues/outside";
    private static final Duration RUN_UP = Duration.ofSeconds(3);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final double WANTED = 0.95;
    private static final double WANTED_OF_KEYS = 1 / 1.3;

    private final List<ServerProcess> nodes;
    private final List<ApiClient> clients;
    private final Processes processes;

    /** @param processes with the first of the nodes */
    RatedChannel(List<ServerProcess> nodes, Processes processes) {
        this.nodes = nodes;
        this.clients = nodes.stream().map(node -> new ApiClient(node.uri())).toList();
        this.processes = processes;
    }

    /**
     * What began in the window.
     *
     * @param all what began before and after it, too, in that order
     */
    private record Calls(long begin, long end, Cpu cpu, List<Long> all) {
        long count() {
            return all.stream().filter(at -> at - begin >= 0 && at - end < 0).count();
        }

        double seconds() {
            return (end - begin) / 1e9;
        }

        double perSecond() {
            return count() / seconds();
        }

        double cpuEach() {
            return (cpu.server() + cpu.database() + cpu.broker()) / count();
        }

        /** The most that began in any second. */
        int most() {
            int first = 0;
            int most = 0;
            for (int last = 0; last < all.size(); last++) {
                while (all.get(last) - all.get(first) >= TimeUnit.SECONDS.toNanos(1)) {
                    first++;
                }
                most = Math.max(most, last - first + 1);
            }
            return most;
        }

        Results.Line describe(Results.Line line) {
            return line.put("nodes", 2)
                    .figure("perSecond", perSecond())
                    .put("mostInASecond", most())
                    .figure("seconds", seconds())
                    .put("cpuMicrosEach", cpu.each(count()));
        }
    }

    void print(Results results) throws InterruptedException {
        Batches ratedCalls = Batches.of(CallHandler.RATED);
        Batches keyedCalls = Batches.ofKeys(CallHandler.KEYED);
        Batches freeCalls = Batches.of(CallHandler.FREE);
        warmUp(HOLDS_FREE, freeCalls, WARM_UP_BATCHES);
        warmUp(HOLDS_KEYED, keyedCalls, WARM_UP_BATCHES);
        warmUp(HOLDS_RATED, ratedCalls, RATED_WARM_UP_BATCHES);

        hold(HOLDS_RATED, ratedCalls, RATED_BATCHES);
        Calls rated = measure(HOLDS_RATED, RATED_BATCHES * Batches.ITEMS);
        hold(HOLDS_KEYED, keyedCalls, RATED_BATCHES);
        Calls keyed = measure(HOLDS_KEYED, RATED_BATCHES * Batches.ITEMS);
        hold(HOLDS_FREE, freeCalls, FREE_BATCHES);
        Calls free = measure(HOLDS_FREE, 0);

        rated.describe(results.line("channel of 1,000/s")).print();
        keyed.describe(results.line("10,000 keys of 2/s each")).print();
        free.describe(results.line("the same without a channel")).print();
        results.line("channel of 1,000/s over 1,000/s, or over the same without if that is less")
                .ratio(rated.perSecond() / Math.min(LimitedTypes.RATE, free.perSecond()), WANTED)
                .print();
        results.line("processor time of a call through a channel over that of one through a key")
                .ratio(rated.cpuEach() / keyed.cpuEach(), WANTED_OF_KEYS)
                .print();
    }

    private void warmUp(String held, Batches calls, int batches) throws InterruptedException {
        hold(held, calls, batches);
        release(held);
        awaitBegun(batches * Batches.ITEMS);
        List<Long> unused = forget();
    }

    private void hold(String what, Batches posted, int batches) throws InterruptedException {
        change(what, "pause");
        for (int i = 0; i < batches; i++) {
            Duration unused = posted.post(nodes.get(i % nodes.size()));
        }
    }

    private void release(String what) {
        change(what, "resume");
    }

    private void change(String what, String how) {
        int status = clients.get(0).post(what + "/" + how, "", Map.of()).status();
        if (status != 200) {
            throw new IllegalStateException(what + ": " + how + " was answered with " + status);
        }
    }

    /** @param awaited so many calls are waited for after the window */
    private Calls measure(String held, int awaited) throws InterruptedException {
        release(held);
        TimeUnit.NANOSECONDS.sleep(RUN_UP.toNanos());
        Cpu before = cpu();
        long begin = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(WINDOW.toNanos());
        long end = System.nanoTime();
        Cpu used = cpu().since(before);
        awaitBegun(awaited);
        return new Calls(begin, end, used, forget());
    }

    private Cpu cpu() {
        Cpu sum = processes.cpu();
        for (ServerProcess other : nodes.subList(1, nodes.size())) {
            sum = sum.plus(new Cpu(CpuTime.of(other.pid()), 0, 0, 0));
        }
        return sum;
    }

    private void awaitBegun(int calls) {
        await(calls + " calls").atMost(PATIENCE).pollInterval(LOOK).until(() -> begun() >= calls);
    }

    private long begun() {
        return clients.stream()
                .mapToLong(
                        client -> client.get("bench/calls").body().path("begun").asLong())
                .sum();
    }

    private List<Long> forget() {
        return clients.stream()
                .map(client ->
                        client.send("DELETE", "bench/calls", null, Map.of()).body())
                .flatMap(times -> StreamSupport.stream(times.spliterator(), false))
                .map(JsonNode::longValue)
                .sorted()
                .toList();
    }
}
