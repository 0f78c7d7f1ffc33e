package azukari.bench;

import azukari.testing.ServerProcess;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Accepting, and the two yardsticks for it, in turns: each meets the same machine, and the same state of warmth. */
final class Accepting {
    private static final int CONNECTIONS = 32;
    private static final Duration ROUND = Duration.ofSeconds(3);

    /** Path under {@code /api/} of each. */
    private static final Map<String, String> PATHS =
            Map.of("roof", "bench/roof", "jdbc", "bench/jdbc", "accepted", "events");

    private final ServerProcess server;
    private final Processes processes;
    private final Map<String, Series> series = new LinkedHashMap<>();

    Accepting(ServerProcess server, Processes processes) {
        this.server = server;
        this.processes = processes;
        for (String name : new String[] {"roof", "jdbc", "accepted"}) {
            series.put(name, new Series());
        }
    }

    Accepting rounds(int count) throws InterruptedException {
        for (int round = 0; round < count; round++) {
            series.forEach(this::measure);
        }
        BenchServer.clean(server);
        return this;
    }

    boolean isSteady(double share) {
        return series.values().stream().allMatch(each -> each.isSteady(share));
    }

    private void measure(String name, Series each) {
        Requests requests = Requests.of(server.uri(), PATHS.get(name), "NOOP");
        try (Load load = Load.open(server.uri(), CONNECTIONS, requests)) {
            Processes.Cpu before = processes.cpu();
            Load.Answers answers = load.post(ROUND);
            each.add(answers, processes.cpu().since(before));
        }
    }

    /** @param overJdbc how many times as fast as plain JDBC it is to be */
    void print(Results results, double overJdbc) {
        series.forEach((name, each) -> each.describe(
                        results.line(name).put("connections", CONNECTIONS).put("lanes", "paused"))
                .print());
        Series accepted = series.get("accepted");
        Series jdbc = series.get("jdbc");
        results.line("accepted over jdbc")
                .ratio(accepted.perSecond() / jdbc.perSecond(), overJdbc)
                .print();
        results.line("jdbc p99 over accepted p99")
                .ratio(jdbc.p99() / accepted.p99(), 2)
                .print();
        results.line("accepted over roof")
                .ratio(accepted.perSecond() / series.get("roof").perSecond(), 0.333)
                .print();
    }
}
