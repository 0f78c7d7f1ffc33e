package azukari.catalog;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many calls may begin in any half-open window of a period, evenly spaced: {@code 2/s}, {@code 90/m}, {@code 500/h}.
 *
 * @param calls at least 1
 * @param unit the period: {@code s}, {@code m} or {@code h}
 */
public record Rate(int calls, char unit) {
    /**
     * How much longer than the period as many intervals as it has calls take together, so that calls which begin up to this
     * late are still no more than allowed in any window (rule 11).
     */
    public static final Duration SLACK = Duration.ofMillis(20);

    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,5})/([smh])");
    private static final int MOST_A_SECOND = 10_000;

    public Rate {
        if (calls < 1 || calls > MOST_A_SECOND * seconds(unit)) {
            throw new IllegalArgumentException(
                    "a rate must be at least one call in the period, and at most 10,000 a second");
        }
    }

    /**
     * Parses a rate.
     *
     * @throws IllegalArgumentException if the text has any other form, or is beyond 10,000 a second
     */
    public static Rate parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text
                            + "' is not a valid rate: write a whole number from 1 up to 10,000 a second and one of /s, /m, /h, such as 2/s");
        }
        return new Rate(Integer.parseInt(matcher.group(1)), matcher.group(2).charAt(0));
    }

    /** As {@link #parse} reads it. */
    public String write() {
        return calls + "/" + unit;
    }

    public Duration period() {
        return Duration.ofSeconds(seconds(unit));
    }

    /** From the beginning of one call to the earliest beginning of the next. */
    public Duration interval() {
        long nanos = period().plus(SLACK).toNanos();
        return Duration.ofNanos((nanos + calls - 1) / calls);
    }

    private static int seconds(char unit) {
        return switch (unit) {
            case 's' -> 1;
            case 'm' -> 60;
            case 'h' -> 3600;
            default -> throw new IllegalArgumentException("a rate's unit must be s, m or h, but is " + unit);
        };
    }
}
