package azukari.bench;

import azukari.bench.server.CallHandler;
import azukari.testing.ServerProcess;
import java.time.Duration;

/** Jobs through a channel with nothing but a concurrency, from post to end, and the same jobs without a limit, in turns. */
final class HeldChannel {
    private static final int CONNECTIONS = 32;
    private static final int WAITING = 1_000;
    private static final int ROUNDS = 3;
    private static final Duration ROUND = Duration.ofSeconds(4);
    private static final Duration WARM_UP = Duration.ofSeconds(6);

    private final ServerProcess server;
    private final Processes processes;

    HeldChannel(ServerProcess server, Processes processes) {
        this.server = server;
        this.processes = processes;
    }

    void print(Results results) throws InterruptedException {
        Series limited = new Series();
        Series free = new Series();
        measure(CallHandler.FREE, new Series(), WARM_UP);
        measure(CallHandler.HELD, new Series(), WARM_UP);
        for (int round = 0; round < ROUNDS; round++) {
            measure(CallHandler.FREE, free, ROUND);
            measure(CallHandler.HELD, limited, ROUND);
        }
        limited.describe(results.line("limited channel, end to end")
                        .put("concurrency", LimitedTypes.CONCURRENCY)
                        .put("waiting", WAITING))
                .print();
        free.describe(results.line("the same without a channel, end to end").put("waiting", WAITING))
                .print();
        results.line("limited channel over the same without")
                .figure("ratio", limited.perSecond() / free.perSecond())
                .print();
    }

    private void measure(String code, Series series, Duration time) throws InterruptedException {
        Requests requests = Requests.of(server.uri(), "events", code);
        try (Load load = Load.open(server.uri(), CONNECTIONS, requests);
                Flow flow = new Flow(Work.ofJobs(server), load)) {
            flow.hold(WAITING, Flow.RUN_UP);
            Processes.Cpu before = processes.cpu();
            Flow.Rate rate = flow.hold(WAITING, time);
            series.add(rate.perSecond(), rate.jobs(), processes.cpu().since(before));
            flow.awaitEmpty();
        }
    }
}
