package azukari.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that ends by itself, and what it left.
 *
 * @param status its exit status
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record Launch(int status, String out, String err) {
    private static final int LONGEST_SECONDS = 120;

    /** Runs it in an empty folder below {@code target/it}; no {@code AZUKARI_} variable is inherited. */
    public static Launch of(String name, Map<String, String> environment, List<String> command) {
        try {
            Path folder = ItFolder.fresh(name);
            Path out = folder.resolve("out.txt");
            Path err = folder.resolve("err.txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeIf(key -> key.startsWith("AZUKARI_"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            try {
                if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError(command + " did not end in " + LONGEST_SECONDS + " s: "
                            + Files.readString(out) + Files.readString(err));
                }
            } finally {
                process.destroyForcibly();
            }
            return new Launch(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", e);
        }
    }

    /** Runs the built server, by {@code java -jar}. */
    public static Launch ofServer(String name, Map<String, String> environment) {
        ServerFolder server = ServerFolder.built();
        List<String> arguments = new ArrayList<>(server.archived());
        arguments.addAll(List.of("-jar", server.jar().toString()));
        return of(name, environment, OsProcess.java(arguments));
    }
}
