package azukari.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** The log goes to standard output; the reason for a failed start goes to standard error, as the last line. */
final class Logging {
    private static final Logger LOG = Logger.getLogger("azukari.launcher");
    private static final Logger APPLICATION = Logger.getLogger("azukari");
    private static final String CONFIG = "java.util.logging.config.file";

    private static volatile boolean debug;

    private Logging() {}

    /**
     * Uses the given configuration, unless the command line names another; Payara Micro uses the same one.
     *
     * @param showAll whether stack traces and debug messages are shown from the first line on
     */
    static void configure(Path properties, boolean showAll) throws StartException {
        debug = showAll;
        LineHandler.phase().starting(debug);
        read(properties);
        if (debug) {
            APPLICATION.setLevel(Level.FINE);
        } else {
            KnownNoise.drop();
        }
    }

    private static void read(Path properties) throws StartException {
        if (System.getProperty(CONFIG) != null) {
            return;
        }
        System.setProperty(CONFIG, properties.toString());
        try (InputStream in = Files.newInputStream(properties)) {
            LogManager.getLogManager().readConfiguration(in);
        } catch (IOException e) {
            throw new StartException("the logging configuration " + properties + " cannot be read (" + e + ")", e);
        }
    }

    /** Shows the whole log from now on. */
    static void running() {
        LineHandler.phase().running().forEach(LOG::log);
    }

    /** Suppresses what the server logs about its own end from now on. */
    static void stopping() {
        LineHandler.phase().stopping();
    }

    static void info(String message) {
        LOG.info(message);
    }

    /** Shown with {@code AZUKARI_LOG=debug} only. */
    static void debug(String message) {
        LOG.fine(message);
    }

    static void warn(String message, Throwable cause) {
        LOG.log(Level.WARNING, message, cause);
    }

    /** Reports why the start failed, in one line; the stack trace comes before it, if requested. */
    static void lastWord(StartException failure) {
        System.out.flush();
        if (debug) {
            failure.printStackTrace();
        }
        System.err.println(
                "Azukari did not start: " + failure.getMessage().strip().replaceAll("\\R\\s*", " | "));
        System.err.flush();
    }
}
