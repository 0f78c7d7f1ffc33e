package azukari.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The class archive for a Java runtime other than the build's: created beside the first server that the start script
 * starts on that runtime, once that server is ready, at the lowest priority, for the next start.
 */
final class LaterArchive {
    /** Set by the start script if there is no archive and its folder is writable. */
    private static final String WANTED = "azukari.launcher.archive";

    private Optional<Process> maker = Optional.empty();

    /** Starts creating it, if it is wanted; the outcome does not affect this server. */
    synchronized void begin(Installation installation) {
        if (System.getProperty(WANTED) == null) {
            return;
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try {
            maker = Optional.of(new ProcessBuilder(
                            "nice",
                            "-n",
                            "19",
                            java,
                            "-cp",
                            installation.file("azukari.jar").toString(),
                            ArchiveMain.class.getName())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            Logging.info("no class archive is created for this Java runtime (" + e + "), so starts take longer");
        }
    }

    /** Abandons it when this server stops; the next start begins anew. */
    synchronized void cancel() {
        maker.ifPresent(Process::destroy);
    }
}
