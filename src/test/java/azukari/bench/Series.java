package azukari.bench;

import azukari.bench.Results.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One measure over several rounds. */
final class Series {
    private final List<Double> rates = new ArrayList<>();
    private final Latencies latencies = new Latencies();
    private Processes.Cpu cpu = Processes.Cpu.NONE;
    private long count;

    /** A round of answers to requests. */
    void add(Load.Answers answers, Processes.Cpu used) {
        add(answers.perSecond(), answers.latencies().count(), used);
        latencies.addAll(answers.latencies());
    }

    /** A round without latencies. */
    void add(double perSecond, long ended, Processes.Cpu used) {
        rates.add(perSecond);
        count += ended;
        cpu = cpu.plus(used);
    }

    /** The median of the rounds. */
    double perSecond() {
        List<Double> sorted = rates.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    double last() {
        return rates.get(rates.size() - 1);
    }

    /** Whether the last two rounds differ by no more than this share. */
    boolean isSteady(double share) {
        int size = rates.size();
        return size > 1 && Math.abs(rates.get(size - 1) / rates.get(size - 2) - 1) <= share;
    }

    double p99() {
        return latencies.millis(0.99);
    }

    Line describe(Line line) {
        line.figure("perSecond", perSecond());
        if (latencies.count() > 0) {
            line.figure("p50Ms", latencies.millis(0.5)).figure("p99Ms", p99());
        }
        Stream<Long> rounded = rates.stream().map(Math::round);
        return line.put("rounds", rounded.toList()).put("cpuMicrosEach", cpu.each(count));
    }
}
