package azukari.platform;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as written in settings and event types: a whole number and {@code ms}, s, m, h or d. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
    private static final long MOST_SECONDS_IN_MILLIS = 1_000_000_000L;

    private Durations() {}

    /**
     * Parses a duration such as {@code 500ms}, {@code 30s} or {@code 7d}.
     *
     * @throws IllegalArgumentException if the text has any other form
     */
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is not a valid duration: write a whole number and one of ms, s, m, h, d, such as 30s");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /**
     * Writes a duration in the largest unit of which it is a whole number, so that {@link #parse} reads it back: {@code
     * 60s} is written as {@code 1m}.
     *
     * @throws IllegalArgumentException if it has no such form: it is negative, is not a whole number of milliseconds,
     *     or has more than 12 digits
     */
    public static String format(Duration duration) {
        String text;
        long seconds = duration.toSeconds();
        if (!duration.equals(duration.truncatedTo(ChronoUnit.SECONDS))) {
            requireForm(
                    duration,
                    duration.equals(duration.truncatedTo(ChronoUnit.MILLIS)) && seconds < MOST_SECONDS_IN_MILLIS);
            text = duration.toMillis() + "ms";
        } else if (seconds == 0 || seconds % 60 != 0) {
            text = seconds + "s";
        } else if (seconds % 3600 != 0) {
            text = seconds / 60 + "m";
        } else if (seconds % 86_400 != 0) {
            text = seconds / 3600 + "h";
        } else {
            text = seconds / 86_400 + "d";
        }
        requireForm(duration, FORM.matcher(text).matches());
        return text;
    }

    private static void requireForm(Duration duration, boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException(duration + " can't be written as a whole number of ms, s, m, h or d");
        }
    }
}
