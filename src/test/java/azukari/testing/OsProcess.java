package azukari.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A program that a test starts, signals and restarts; its output is appended to one log file. Programs still running when the tests' JVM
 * ends are ended as well.
 */
final class OsProcess {
    private static final Duration SIGNAL_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(30);
    private static final int TAIL_BYTES = 12_000;
    private static final Set<OsProcess> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(OsProcess::end), "end child processes"));
    }

    /** Signals that a test sends; the names are those of POSIX' {@code kill -s}. */
    enum Signal {
        TERM,
        INT,
        QUIT,
        STOP,
        CONT
    }

    private final String name;
    private final Path log;
    private final Consumer<OsProcess> lastResort;
    private volatile Process process;
    private int starts;

    OsProcess(String name, Path log) {
        this(name, log, OsProcess::kill9);
    }

    /**
     * A program that may not simply be killed.
     *
     * @param lastResort how to end the process when the JVM ends and nobody has ended it before
     */
    OsProcess(String name, Path log, Consumer<OsProcess> lastResort) {
        this.name = name;
        this.log = log;
        this.lastResort = lastResort;
    }

    /** Starts it; environment entries that begin with {@code AZUKARI_} are not inherited, those given are added. */
    synchronized void start(List<String> command, Map<String, String> environment) {
        if (isAlive()) {
            throw new IllegalStateException(name + " is running already, process " + pid());
        }
        starts++;
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            Files.writeString(
                    log,
                    "==== start " + starts + ": " + String.join(" ", command) + System.lineSeparator(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().keySet().removeIf(key -> key.startsWith("AZUKARI_"));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " could not be started", e);
        }
        RUNNING.add(this);
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    long pid() {
        return started().pid();
    }

    int exitCode() {
        return started().exitValue();
    }

    /** Whether it ended, by itself or not, within this time. */
    boolean endedWithin(Duration time) {
        try {
            boolean ended = started().waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                RUNNING.remove(this);
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    void kill9() {
        started().destroyForcibly();
        awaitEnd(END_TIMEOUT);
    }

    /** Sends the signal, waits for the end and returns the exit status. */
    int endBy(Signal signal, Duration timeout) {
        send(signal);
        awaitEnd(timeout);
        return exitCode();
    }

    void send(Signal signal) {
        String command = "kill -s " + signal + " " + pid();
        try {
            Process kill = new ProcessBuilder("sh", "-c", command).inheritIO().start();
            if (!kill.waitFor(SIGNAL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("'" + command + "' failed for " + name + ". " + tail());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in '" + command + "'", e);
        }
    }

    /** Waits until the kernel has stopped every thread: the signal is delivered to each in its own time. */
    void awaitStopped() {
        Path tasks = Path.of("/proc", Long.toString(pid()), "task");
        await("every thread of " + name + " to be stopped")
                .pollInterval(Duration.ofMillis(5))
                .atMost(SIGNAL_TIMEOUT)
                .until(() -> allStopped(tasks));
    }

    /** The state follows the name, which ends with the line's last parenthesis; see proc(5), {@code /proc/pid/stat}. */
    private static boolean allStopped(Path tasks) throws IOException {
        try (Stream<Path> threads = Files.list(tasks)) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        }
    }

    Path log() {
        return log;
    }

    /** The end of the log, with its place, for messages of failed tests. */
    String tail() {
        if (!Files.exists(log)) {
            return "There is no log " + log;
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] end = new byte[(int) Math.min(TAIL_BYTES, file.length())];
            file.seek(file.length() - end.length);
            file.readFully(end);
            return "The end of " + log + ":" + System.lineSeparator() + new String(end, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read the log of " + name, e);
        }
    }

    /** {@code -Dit.java.home=…} runs the processes under test on another JDK than the tests. */
    static List<String> java(List<String> arguments) {
        String home = System.getProperty("it.java.home", System.getProperty("java.home"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(home, "bin", "java").toString());
        command.addAll(arguments);
        return command;
    }

    private void awaitEnd(Duration timeout) {
        if (!endedWithin(timeout)) {
            throw new IllegalStateException(name + " did not end in " + timeout + ". " + tail());
        }
    }

    private void end() {
        if (isAlive()) {
            lastResort.accept(this);
        }
    }

    private Process started() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process;
    }
}
