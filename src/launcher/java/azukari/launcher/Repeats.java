package azukari.launcher;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/**
 * Keeps one failure from filling the log, and with it the disk: the same failure is written once a minute and otherwise
 * counted; how often it was left out is written when its minute is over, at the latest with the next line of the log.
 *
 * <p>Two failures are the same if they come from the same logger and were thrown at the same place, or, without an
 * exception, if they have the same message before its parameters are filled in.
 */
final class Repeats {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** Warnings without an exception are short, and the parameters of the first few may matter. */
    private static final int MOST_LINES = 10;

    private static final int MOST_KEYS = 200;
    private static final int FRAMES = 4;

    private static final class Seen {
        private final Instant since;
        private final LogRecord first;
        private int shown = 1;
        private int leftOut;

        Seen(LogRecord first) {
            this.since = first.getInstant();
            this.first = first;
        }
    }

    private final Map<String, Seen> recent = new LinkedHashMap<>();

    /** What to write, now that this has been logged: it, or nothing, after what was left out of a window that is over. */
    synchronized List<LogRecord> shown(LogRecord logged) {
        List<LogRecord> lines = new ArrayList<>();
        endWindows(logged.getInstant(), lines);
        if (logged.getLevel().intValue() < Level.WARNING.intValue()) {
            lines.add(logged);
            return lines;
        }
        String key = key(logged);
        Seen seen = recent.get(key);
        if (seen == null) {
            recent.put(key, new Seen(logged));
            lines.add(logged);
        } else if (logged.getThrown() == null && seen.shown < MOST_LINES) {
            seen.shown++;
            lines.add(logged);
        } else {
            seen.leftOut++;
        }
        return lines;
    }

    /** In the order in which they began, so that the search ends at the first one that is not over. */
    private void endWindows(Instant now, List<LogRecord> lines) {
        while (!recent.isEmpty()) {
            Map.Entry<String, Seen> oldest = recent.entrySet().iterator().next();
            boolean over = !now.isBefore(oldest.getValue().since.plus(WINDOW));
            if (!over && recent.size() < MOST_KEYS) {
                return;
            }
            recent.remove(oldest.getKey());
            if (oldest.getValue().leftOut > 0) {
                lines.add(summary(oldest.getValue()));
            }
        }
    }

    private static LogRecord summary(Seen seen) {
        String what = seen.first.getThrown() == null ? formatted(seen.first) : Causes.innermost(seen.first.getThrown());
        LogRecord summary = new LogRecord(
                seen.first.getLevel(),
                "left out " + seen.leftOut + " more like the one at " + seen.since + ": " + what);
        summary.setLoggerName(seen.first.getLoggerName());
        return summary;
    }

    private static String formatted(LogRecord logged) {
        return new SimpleFormatter().formatMessage(logged);
    }

    private static String key(LogRecord logged) {
        StringBuilder key = new StringBuilder()
                .append(logged.getLoggerName())
                .append(' ')
                .append(logged.getLevel().intValue());
        Throwable thrown = logged.getThrown();
        if (thrown == null) {
            return key.append(' ').append(logged.getMessage()).toString();
        }
        while (thrown.getCause() != null) {
            thrown = thrown.getCause();
        }
        key.append(' ').append(thrown.getClass().getName());
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
            key.append(' ').append(frames[i]);
        }
        return key.toString();
    }
}
