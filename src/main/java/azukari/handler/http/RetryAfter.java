package azukari.handler.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the header {@code Retry-After} (RFC 9110, section 10.2.3). */
final class RetryAfter {
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Pattern SECONDS = Pattern.compile("\\d+");
    private static final int DIGITS_THAT_FIT = 9;
    /** A two-digit year that seems further ahead than this many years is past (RFC 9110, section 5.6.7). */
    private static final int YEARS_AHEAD = 50;

    private final Instant now;

    private RetryAfter(Instant now) {
        this.now = now;
    }

    /**
     * The time at which to ask again: now at the earliest, in 30 days at the latest.
     *
     * @param value seconds, or a date in any of the three forms that a recipient has to accept (RFC 9110, section 5.6.7)
     * @return empty if it is neither
     */
    static Optional<Instant> read(String value, Instant now) {
        return new RetryAfter(now).time(value.strip()).map(asked -> within(now, asked));
    }

    private static Instant within(Instant now, Instant asked) {
        Instant latest = now.plus(LONGEST);
        if (asked.isBefore(now)) {
            return now;
        }
        return asked.isAfter(latest) ? latest : asked;
    }

    private Optional<Instant> time(String value) {
        if (SECONDS.matcher(value).matches()) {
            String digits = value.replaceFirst("^0+(?=\\d)", "");
            return Optional.of(
                    digits.length() > DIGITS_THAT_FIT ? Instant.MAX : now.plusSeconds(Long.parseLong(digits)));
        }
        return Stream.of(imfFixdate(), rfc850(), asctime())
                .flatMap(form -> date(value, form).stream())
                .findFirst();
    }

    private static Optional<Instant> date(String value, DateTimeFormatter form) {
        try {
            return Optional.of(LocalDateTime.parse(value, form).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty(); // Perhaps it has another of the forms.
        }
    }

    /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    private static DateTimeFormatter imfFixdate() {
        return form("EEE, dd MMM uuuu HH:mm:ss 'GMT'");
    }

    /** {@code Sunday, 06-Nov-94 08:49:37 GMT}. */
    private DateTimeFormatter rfc850() {
        int first = now.atOffset(ZoneOffset.UTC).getYear() + YEARS_AHEAD - 99;
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, first)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH);
    }

    /** {@code Sun Nov  6 08:49:37 1994}. */
    private static DateTimeFormatter asctime() {
        return form("EEE MMM ppd HH:mm:ss uuuu");
    }

    private static DateTimeFormatter form(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .toFormatter(Locale.ENGLISH);
    }
}
