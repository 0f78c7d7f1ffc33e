package azukari.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The archive of classes for a Java that the build did not run on: made beside the first server that the start script
 * starts on that Java, once that server is ready, at the lowest priority, for the next start.
 */
final class LaterArchive {
    /** Set by the start script when there is no archive and its folder can be written. */
    private static final String WANTED = "azukari.launcher.archive";

    private Optional<Process> maker = Optional.empty();

    /** Begins to make it, if it is wanted; whatever comes of that, this server is not concerned. */
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
            Logging.info("there will be no archive of classes for this Java (" + e + "): its starts take longer");
        }
    }

    /** Gives it up when this server stops; the next start begins anew. */
    synchronized void cancel() {
        maker.ifPresent(Process::destroy);
    }
}
