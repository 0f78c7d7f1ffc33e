package azukari.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs the server for {@code mvn -Prun}: in its own JVM, on the same terminal; Maven does not return until it has
 * ended.
 *
 * <p>Maven's own plugins end a child process when Maven is stopped, but do not wait for it: the prompt would come back
 * while jobs are still being drained.
 */
public final class Foreground {
    private Foreground() {}

    /** Runs the server in the given folder; Ctrl-C and SIGTERM are passed on to it, and its end is awaited. */
    public static void main(String... folder) throws IOException, InterruptedException {
        String java = System.getProperty("java.home");
        ProcessBuilder builder = new ProcessBuilder(command(java, Path.of(folder[0]))).inheritIO();
        builder.environment().put("JAVA_HOME", java);
        Process server = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "azukari-foreground"));
        int status = server.waitFor();
        if (status != 0) {
            throw new IllegalStateException("the server ended with status " + status + "; see its output above");
        }
    }

    /** The start script or, where no shell can run it, the equivalent command. */
    private static List<String> command(String java, Path folder) {
        boolean shell = File.separatorChar == '/';
        return shell
                ? List.of(folder.resolve("azukari").toString())
                : List.of(
                        Path.of(java, "bin", "java").toString(),
                        "-Xmx1g",
                        "-Djdk.nio.maxCachedBufferSize=262144",
                        "-jar",
                        folder.resolve("azukari.jar").toString());
    }

    private static void stop(Process server) {
        server.destroy();
        boolean ended = false;
        while (!ended) {
            try {
                server.waitFor();
                ended = true;
            } catch (InterruptedException e) {
                // Maven interrupts remaining threads when it shuts down; the server still gets its time.
            }
        }
    }
}
