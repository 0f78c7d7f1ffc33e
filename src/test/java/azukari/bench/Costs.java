package azukari.bench;

import azukari.bench.PostgresCounters.Count;
import azukari.testing.ServerProcess;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** What one job costs, with database and broker as processes of their own. */
final class Costs {
    private static final int CONNECTIONS = 32;
    private static final int WAITING = 1_000;
    private static final int DEAREST = 12;
    private static final Duration WARM_UP = Duration.ofSeconds(90);
    private static final Duration TIME = Duration.ofSeconds(10);

    private final ServerProcess server;
    private final String brokerUrl;
    private final Processes processes;
    private final PostgresCounters counters;

    Costs(ServerProcess server, String brokerUrl, Processes processes, PostgresCounters counters) {
        this.server = server;
        this.brokerUrl = brokerUrl;
        this.processes = processes;
        this.counters = counters;
    }

    void print(Results results) throws InterruptedException, SQLException {
        Profiler profiler = new Profiler(processes.server());
        try (Load load = Load.open(server.uri(), CONNECTIONS, Requests.of(server.uri(), "events", "NOOP"));
                Flow flow = new Flow(Work.ofJobs(server), load);
                Queues queues = new Queues(brokerUrl)) {
            flow.hold(WAITING, WARM_UP);
            flow.awaitEmpty();
            profiler.record(
                    "end-to-end",
                    () -> of(results.line("costs of a job"), load, () -> {
                        flow.hold(WAITING, TIME);
                        flow.awaitEmpty();
                    }));
            for (PostgresCounters.Share share : counters.dearest(DEAREST)) {
                results.line("statement")
                        .put("calls", share.calls())
                        .figure("microsEach", share.millis() * 1000 / share.calls())
                        .put("text", share.text())
                        .print();
            }
            queues.pause(BenchServer.QUEUE);
            profiler.record(
                    "accepting",
                    () -> of(results.line("costs of accepting"), load, () -> {
                        Load.Answers unused = load.post(TIME);
                    }));
        }
    }

    private void of(Results.Line line, Load load, Profiler.Work work) throws InterruptedException {
        try {
            counters.reset();
            Count before = counters.count();
            long sent = load.sent();
            Processes.Cpu cpu = processes.cpu();
            Map<String, Double> threads = CpuTime.byThread(processes.server());
            work.run();
            long jobs = load.sent() - sent;
            Processes.Cpu used = processes.cpu().since(cpu);
            Map<String, Double> threadsAfter = CpuTime.byThread(processes.server());
            Count count = counters.count().since(before);
            line.put("jobs", jobs)
                    .figure("commits", (double) count.commits() / jobs)
                    .figure("statements", (double) count.statements() / jobs)
                    .put("cpuMicrosEach", used.each(jobs))
                    .put("serverThreads", each(threadsAfter, threads, jobs))
                    .print();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL did not tell its counts", e);
        }
    }

    /** Threads that cost a microsecond a job, or more. */
    private static Map<String, Long> each(Map<String, Double> after, Map<String, Double> before, long jobs) {
        return after.entrySet().stream()
                .map(thread -> Map.entry(
                        thread.getKey(),
                        Math.round((thread.getValue() - before.getOrDefault(thread.getKey(), 0.0)) / jobs)))
                .filter(thread -> thread.getValue() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
