package azukari.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;

/**
 * Determines what of the log is shown while the server starts, runs and stops.
 *
 * <p>A server that starts or stops logs a lot about itself and, when the start fails, hundreds of lines for one reason.
 * Its warnings are kept until it is up, and then shown in one line each; those of a failed start, or of a server that
 * is shutting down, add nothing to what the last line states. What the application and its handlers log is always
 * shown.
 */
final class LogPhase {
    /** Loggers of the server, the broker and their libraries, as opposed to the application's and its handlers'. */
    private static final Pattern SERVER = Pattern.compile("(com\\.hazelcast|com\\.sun|fish\\.payara|io\\.netty"
            + "|io\\.opentelemetry|jakarta|javax|org\\.apache|org\\.eclipse|org\\.glassfish|org\\.hibernate|org\\.jboss"
            + "|org\\.jvnet|PayaraMicro)(\\..*)?");

    private enum Phase {
        STARTING,
        RUNNING,
        STOPPING
    }

    private final List<LogRecord> kept = new ArrayList<>();
    private Phase phase = Phase.RUNNING;
    private boolean everything;

    /**
     * Notes that the server is starting.
     *
     * @param showEverything whether everything is shown at once, with stack traces
     */
    synchronized void starting(boolean showEverything) {
        everything = showEverything;
        phase = Phase.STARTING;
    }

    /** Whether everything is shown, with all stack traces. */
    synchronized boolean showsEverything() {
        return everything;
    }

    /** Notes that the server is up, unless it is being stopped; returns what was kept. */
    synchronized List<LogRecord> running() {
        List<LogRecord> late = List.of();
        if (phase == Phase.STARTING) {
            phase = Phase.RUNNING;
            late = kept.stream().map(LogPhase::brief).toList();
            kept.clear();
        }
        return late;
    }

    /** Notes that the server is shutting down, or that its start has failed. */
    synchronized void stopping() {
        phase = Phase.STOPPING;
        kept.clear();
    }

    /** What to show of a record now: itself, itself without its stack trace, or nothing. */
    synchronized List<LogRecord> shown(LogRecord logged) {
        if (everything || phase == Phase.RUNNING) {
            return List.of(logged);
        }
        if (!isOfTheServer(logged)) {
            return List.of(brief(logged));
        }
        if (phase == Phase.STARTING && logged.getLevel().intValue() >= Level.WARNING.intValue()) {
            kept.add(logged);
        }
        return List.of();
    }

    private static boolean isOfTheServer(LogRecord logged) {
        return logged.getLoggerName() != null
                && SERVER.matcher(logged.getLoggerName()).matches();
    }

    /**
     * The record with its cause at the end of the line instead of a stack trace; without parameters, because the line
     * may contain braces.
     */
    private static LogRecord brief(LogRecord logged) {
        if (logged.getThrown() == null) {
            return logged;
        }
        String said = new SimpleFormatter().formatMessage(logged);
        LogRecord brief = new LogRecord(logged.getLevel(), said + ": " + Causes.innermost(logged.getThrown()));
        brief.setLoggerName(logged.getLoggerName());
        brief.setInstant(logged.getInstant());
        return brief;
    }
}
