package azukari.bench;

import azukari.testing.ServerProcess;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The whole path: posted, run and ended; the product's and the naive one's. */
final class EndToEnd {
    private static final int CONNECTIONS = 32;
    private static final int FEW = 1_000;
    private static final int MANY = 100_000;
    private static final int ROUNDS_WITH_BACKLOG = 3;
    private static final Duration ROUND = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ServerProcess server;
    private final Processes processes;
    private final Series product = new Series();
    private final Series naive = new Series();

    EndToEnd(ServerProcess server, Processes processes) {
        this.server = server;
        this.processes = processes;
    }

    EndToEnd rounds(int count) throws InterruptedException {
        for (int round = 0; round < count; round++) {
            measure(product, "events", Work.ofJobs(server));
            measure(naive, "bench/naive", Work.ofMessages(server.brokerUrl(), BenchServer.NAIVE_QUEUE));
        }
        BenchServer.clean(server);
        return this;
    }

    boolean isSteady(double share) {
        return product.isSteady(share) && naive.isSteady(share);
    }

    void print(Results results) {
        product.describe(results.line("end to end").put("waiting", FEW)).print();
        naive.describe(results.line("naive").put("waiting", FEW)).print();
        results.line("end to end over naive")
                .ratio(product.perSecond() / naive.perSecond(), 2)
                .print();
    }

    /** The rate while many more wait; leaves them there. */
    void withBacklog(Results results) throws InterruptedException {
        fill();
        Series held = new Series();
        try (Load load = open("events");
                Flow flow = new Flow(Work.ofJobs(server), load)) {
            for (int round = 0; round < ROUNDS_WITH_BACKLOG; round++) {
                measure(held, flow, MANY);
            }
        }
        held.describe(results.line("end to end").put("waiting", MANY)).print();
        results.line("end to end, 100,000 waiting over 1,000")
                .ratio(held.perSecond() / product.perSecond(), 0.9)
                .print();
    }

    private void measure(Series series, String path, Work work) throws InterruptedException {
        try (Load load = open(path);
                Flow flow = new Flow(work, load)) {
            measure(series, flow, FEW);
            flow.awaitEmpty();
        }
    }

    private void measure(Series series, Flow flow, int waiting) throws InterruptedException {
        flow.hold(waiting, Flow.RUN_UP);
        Processes.Cpu before = processes.cpu();
        Flow.Rate rate = flow.hold(waiting, ROUND);
        series.add(rate.perSecond(), rate.jobs(), processes.cpu().since(before));
    }

    private void fill() throws InterruptedException {
        try (Queues queues = new Queues(server.brokerUrl());
                Work work = Work.ofJobs(server);
                Load load = open("events")) {
            queues.pause(BenchServer.QUEUE);
            long missing = MANY - work.waiting();
            while (load.sent() < missing) {
                load.post(Duration.ofSeconds(1), () -> load.sent() < missing);
            }
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (work.unsent() > 0) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(work.unsent() + " jobs did not reach the queue");
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
            queues.resume(BenchServer.QUEUE);
        }
    }

    private Load open(String path) {
        return Load.open(server.uri(), CONNECTIONS, Requests.of(server.uri(), path, "NOOP"));
    }
}
