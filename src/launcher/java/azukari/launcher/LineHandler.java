package azukari.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Writes the log to standard output, one line a record, and remembers the first severe record: Payara Micro logs why a
 * deployment failed, but does not hand the reason back.
 *
 * <p>Public, with a public constructor, because logging.properties names it.
 */
public final class LineHandler extends Handler {
    private static final AtomicReference<LogRecord> FIRST_SEVERE = new AtomicReference<>();

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    /** A handler with its own formatter; the level is what logging.properties says of each logger. */
    public LineHandler() {
        setFormatter(new Line());
        setLevel(Level.ALL);
    }

    /** What the first severe record said, its innermost cause where it has one; null if there was none. */
    static String firstSevere() {
        LogRecord severe = FIRST_SEVERE.get();
        if (severe == null) {
            return null;
        }
        return severe.getThrown() == null ? new Line().formatMessage(severe) : Causes.innermost(severe.getThrown());
    }

    @Override
    public void publish(LogRecord logged) {
        if (!isLoggable(logged)) {
            return;
        }
        if (logged.getLevel().intValue() >= Level.SEVERE.intValue()) {
            FIRST_SEVERE.compareAndSet(null, logged);
        }
        out.print(getFormatter().format(logged));
        out.flush();
    }

    @Override
    public void flush() {
        out.flush();
    }

    /** Standard output stays open. */
    @Override
    public void close() {
        out.flush();
    }

    private static final class Line extends Formatter {
        @Override
        public String format(LogRecord logged) {
            StringBuilder line = new StringBuilder(160)
                    .append(logged.getInstant().truncatedTo(ChronoUnit.MILLIS))
                    .append(' ')
                    .append(level(logged.getLevel()))
                    .append(' ')
                    .append(shortName(logged.getLoggerName()))
                    .append(": ")
                    .append(String.valueOf(formatMessage(logged)).strip().replaceAll("\\R", " | "))
                    .append(System.lineSeparator());
            if (logged.getThrown() != null) {
                StringWriter trace = new StringWriter();
                logged.getThrown().printStackTrace(new PrintWriter(trace));
                line.append(trace);
            }
            return line.toString();
        }

        private static String level(Level level) {
            int value = level.intValue();
            if (value >= Level.SEVERE.intValue()) {
                return "ERROR";
            }
            if (value >= Level.WARNING.intValue()) {
                return "WARN ";
            }
            return value >= Level.INFO.intValue() ? "INFO " : "DEBUG";
        }

        private static String shortName(String logger) {
            return logger == null ? "" : logger.substring(logger.lastIndexOf('.') + 1);
        }
    }
}
