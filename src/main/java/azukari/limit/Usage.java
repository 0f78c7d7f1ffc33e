package azukari.limit;

import java.time.Duration;
import java.time.Instant;

/**
 * How many calls were given slots lately, counted in windows of ten seconds. What is left of the window before is taken to have
 * been even.
 *
 * @param since when the window began; null: no call was ever counted
 * @param calls in the window
 * @param before in the window before it
 */
record Usage(Instant since, int calls, int before) {
    static final Duration WINDOW = Duration.ofSeconds(10);

    /** After one more call. */
    Usage next(Instant now) {
        if (since == null || !now.isBefore(since.plus(WINDOW.multipliedBy(2)))) {
            return new Usage(now, 1, 0);
        }
        Instant end = since.plus(WINDOW);
        return now.isBefore(end) ? new Usage(since, calls + 1, before) : new Usage(end, 1, calls);
    }

    double perSecond(Instant now) {
        if (since == null) {
            return 0;
        }
        double age = (double) Duration.between(since, now).toNanos() / WINDOW.toNanos();
        double inWindow = age < 1 ? calls + before * (1 - Math.max(0, age)) : calls * Math.max(0, 2 - age);
        return inWindow / WINDOW.toSeconds();
    }
}
