package azukari.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The JDK's flight recorder in the server's process, for {@code -Dbench.profile=true}; else it does nothing. It runs from the
 * start: a recorder that is started later has the JVM throw away all its compiled code.
 */
final class Profiler {
    private static final Path FOLDER = Path.of("target", "bench").toAbsolutePath();
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    private static final String RECORDING = "bench";
    private static final boolean WANTED = Boolean.getBoolean("bench.profile");
    private static final long PATIENCE_SECONDS = 60;

    private final long pid;

    Profiler(long pid) {
        this.pid = pid;
    }

    /** What the server's JVM is to be started with. */
    static List<String> jvmOptions() {
        return WANTED ? List.of("-XX:StartFlightRecording=settings=profile,name=" + RECORDING) : List.of();
    }

    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    /** Runs the work and leaves a recording of it in {@code target/bench/<name>.jfr}. */
    void record(String name, Work work) throws InterruptedException {
        if (!WANTED) {
            work.run();
            return;
        }
        try {
            Files.createDirectories(FOLDER);
            long begin = System.nanoTime();
            work.run();
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
            ask(
                    "JFR.dump",
                    "name=" + RECORDING,
                    "maxage=" + seconds + "s",
                    "filename=" + FOLDER.resolve(name + ".jfr"));
        } catch (IOException e) {
            throw new IllegalStateException("the profile " + name + " was not taken", e);
        }
    }

    private void ask(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(JCMD.toString(), Long.toString(pid)));
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(all + " failed");
        }
    }
}
