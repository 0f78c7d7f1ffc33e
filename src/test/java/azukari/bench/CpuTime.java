package azukari.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a process has used of the processors, as the kernel counts it (proc(5), {@code /proc/pid/stat}). */
final class CpuTime {
    /** The kernel counts in hundredths of a second, whatever its own clock (USER_HZ). */
    private static final double MICROS_PER_TICK = 10_000;

    private static final int PARENT = 1;
    private static final int USER = 11;
    private static final int CHILDREN_SYSTEM = 14;

    private CpuTime() {}

    /** Of one process, all its threads, in microseconds. */
    static double of(long pid) {
        return micros(fields(Path.of("/proc", Long.toString(pid), "stat")), 2);
    }

    /** Of a process and its children, those that have ended included. */
    static double ofFamily(long pid) {
        double sum = micros(fields(Path.of("/proc", Long.toString(pid), "stat")), 4);
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(path ->
                            Character.isDigit(path.getFileName().toString().charAt(0)))
                    .toList()) {
                String[] fields = fields(process.resolve("stat"));
                if (fields.length > CHILDREN_SYSTEM && fields[PARENT].equals(Long.toString(pid))) {
                    sum += micros(fields, 4);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sum;
    }

    /** Of the threads of a process, by their names without digits. */
    static Map<String, Double> byThread(long pid) {
        Map<String, Double> sums = new TreeMap<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads.toList()) {
                String[] fields = fields(thread.resolve("stat"));
                if (fields.length > CHILDREN_SYSTEM) {
                    String name =
                            Files.readString(thread.resolve("comm")).strip().replaceAll("[0-9]+", "*");
                    sums.merge(name, micros(fields, 2), Double::sum);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sums;
    }

    private static double micros(String[] fields, int count) {
        return Arrays.stream(fields, USER, USER + count)
                .mapToDouble(Double::parseDouble)
                .map(ticks -> ticks * MICROS_PER_TICK)
                .sum();
    }

    /** Those that follow the name, which ends with the line's last parenthesis; none when it has ended meanwhile. */
    private static String[] fields(Path stat) {
        try {
            String line = Files.readString(stat);
            return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        } catch (NoSuchFileException ended) {
            return new String[0];
        } catch (IOException e) {
            if (!Files.exists(stat)) {
                return new String[0];
            }
            throw new UncheckedIOException(e);
        }
    }
}
