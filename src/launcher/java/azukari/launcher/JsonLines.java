package azukari.launcher;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes one JSON object per record: {@code time}, {@code level}, {@code logger}, {@code message} and, if there is one,
 * the run ({@code job}, {@code root}, {@code run}) and the {@code error} with its stack trace.
 *
 * <p>Public, with a public constructor, because logging.properties names it.
 */
public final class JsonLines extends Formatter {
    /** What the application appends to a message that was logged during a run. */
    private static final Pattern RUN = Pattern.compile(" ?\\[job=([0-9a-f-]{36}) root=([0-9a-f-]{36}) run=(\\d+)]$");

    @Override
    public String format(LogRecord logged) {
        String message = String.valueOf(formatMessage(logged)).strip();
        Matcher run = RUN.matcher(message);
        boolean inRun = run.find();
        StringBuilder line = new StringBuilder(256).append('{');
        member(line, "time", logged.getInstant().toString());
        member(line, "level", LineHandler.level(logged.getLevel()).strip());
        member(line, "logger", logged.getLoggerName() == null ? "" : logged.getLoggerName());
        member(line, "message", inRun ? message.substring(0, run.start()) : message);
        if (inRun) {
            member(line, "job", run.group(1));
            member(line, "root", run.group(2));
            line.append(",\"run\":").append(run.group(3));
        }
        if (logged.getThrown() != null) {
            StringWriter trace = new StringWriter();
            logged.getThrown().printStackTrace(new PrintWriter(trace));
            member(line, "error", trace.toString());
        }
        return line.append('}').append(System.lineSeparator()).toString();
    }

    private static void member(StringBuilder line, String name, String value) {
        line.append(line.length() > 1 ? ",\"" : "\"").append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> line.append('\\').append(c);
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c)) {
                        line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }
}
