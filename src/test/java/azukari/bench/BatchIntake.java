package azukari.bench;

import azukari.testing.ServerProcess;
import java.time.Duration;
import java.time.Instant;

/** Accepting batches of events that are due long after the measure. */
final class BatchIntake {
    private static final int WARM_UP = 3;
    private static final int ROUNDS = 5;
    private static final Duration AHEAD = Duration.ofDays(2);

    private final ServerProcess server;
    private final Processes processes;

    BatchIntake(ServerProcess server, Processes processes) {
        this.server = server;
        this.processes = processes;
    }

    void print(Results results) throws InterruptedException {
        Batches batches = Batches.of("NOOP", Instant.now().plus(AHEAD));
        for (int round = 0; round < WARM_UP; round++) {
            Duration unused = batches.post(server);
        }
        Series series = new Series();
        for (int round = 0; round < ROUNDS; round++) {
            Processes.Cpu before = processes.cpu();
            Duration took = batches.post(server);
            series.add(
                    Batches.ITEMS / (took.toNanos() / 1e9),
                    Batches.ITEMS,
                    processes.cpu().since(before));
        }
        series.describe(results.line("batch intake").put("items", Batches.ITEMS))
                .print();
    }
}
