package azukari.launcher;

import java.io.IOException;

/**
 * Runs the server for {@code mvn -Prun}: in a JVM of its own, on the same terminal, and Maven does not return before it
 * has ended.
 *
 * <p>Maven's own plugins end a child process when Maven is stopped, but do not wait for it: the prompt would come back
 * while jobs are still being drained.
 */
public final class Foreground {
    private Foreground() {}

    /** Runs the given command; Ctrl-C and SIGTERM are passed on, and waited for. */
    public static void main(String... command) throws IOException, InterruptedException {
        Process server = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "azukari-foreground"));
        int status = server.waitFor();
        if (status != 0) {
            throw new IllegalStateException("the server ended with status " + status + "; it says why above");
        }
    }

    private static void stop(Process server) {
        server.destroy();
        boolean ended = false;
        while (!ended) {
            try {
                server.waitFor();
                ended = true;
            } catch (InterruptedException e) {
                // Maven interrupts what is left when it goes down; the server is given its time all the same.
            }
        }
    }
}
