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
import java.util.logging.LogManager;
import java.util.logging.LogRecord;

/**
 * Writes the log to standard output, one line per record, and remembers the first severe record: Payara Micro logs why
 * a deployment failed, but does not return the reason.
 *
 * <p>Public, with a public constructor, because logging.properties names it.
 */
public final class LineHandler extends Handler {
    private static final LogPhase PHASE = new LogPhase();
    private static final Repeats REPEATS = new Repeats();
    private static final AtomicReference<String> FIRST_MESSAGE = new AtomicReference<>();
    private static final AtomicReference<String> FIRST_CAUSE = new AtomicReference<>();

    /**
     * The exception by which the application gives a message back to the broker; it logs the reason itself, and the
     * container and the resource adapter would each add a stack trace of a hundred lines for every message.
     */
    private static final String REDELIVER = "azukari.dispatch.RedeliverException";

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    /**
     * Creates a handler that writes lines for people to read, or that uses the formatter named in logging.properties
     * ({@code azukari.launcher.LineHandler.formatter}); the levels are those that the file sets for each logger.
     */
    public LineHandler() {
        setFormatter(formatter(LogManager.getLogManager().getProperty(LineHandler.class.getName() + ".formatter")));
        setLevel(Level.ALL);
    }

    private static Formatter formatter(String name) {
        if (name == null || name.isBlank()) {
            return new Line();
        }
        try {
            return Class.forName(name.strip())
                    .asSubclass(Formatter.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            System.err.println("the log formatter " + name + " can't be used (" + e + "); writing plain lines instead");
            return new Line();
        }
    }

    /**
     * The innermost cause of the first severe record that has one, otherwise the message of the first severe record;
     * null if there is none.
     */
    static String firstSevere() {
        String cause = FIRST_CAUSE.get();
        return cause == null ? FIRST_MESSAGE.get() : cause;
    }

    /** Determines what is shown in which phase. */
    static LogPhase phase() {
        return PHASE;
    }

    @Override
    public void publish(LogRecord logged) {
        if (!isLoggable(logged) || Causes.has(logged.getThrown(), REDELIVER)) {
            return;
        }
        if (logged.getLevel().intValue() >= Level.SEVERE.intValue()) {
            remember(logged);
        }
        PHASE.shown(logged).forEach(this::printOnce);
    }

    private void printOnce(LogRecord shown) {
        if (PHASE.showsEverything()) {
            print(shown);
        } else {
            REPEATS.shown(shown).forEach(this::print);
        }
    }

    private void print(LogRecord shown) {
        out.print(getFormatter().format(shown));
        out.flush();
    }

    private void remember(LogRecord severe) {
        if (severe.getThrown() != null) {
            FIRST_CAUSE.compareAndSet(null, Causes.innermost(severe.getThrown()));
        }
        FIRST_MESSAGE.compareAndSet(null, getFormatter().formatMessage(severe));
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

    /** The level in five characters. */
    static String level(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (value >= Level.WARNING.intValue()) {
            return "WARN ";
        }
        return value >= Level.INFO.intValue() ? "INFO " : "DEBUG";
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

        private static String shortName(String logger) {
            return logger == null ? "" : logger.substring(logger.lastIndexOf('.') + 1);
        }
    }
}
