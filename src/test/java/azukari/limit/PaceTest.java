package azukari.limit;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.catalog.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 11: never more than n calls begin in any half-open window of the period. */
class PaceTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int CALLS = 3000;

    @ParameterizedTest
    @ValueSource(strings = {"1/s", "2/s", "7/s", "20/s", "50/s", "333/s", "1000/s", "90/m", "500/h"})
    void rule_11_in_no_window_do_more_calls_begin_than_the_rate_however_they_arrive(String text) {
        Rate rate = Rate.parse(text);
        for (long seed = 0; seed < 20; seed++) {
            List<Instant> begun = begun(rate, new Random(seed));
            int n = rate.calls();
            for (int i = 0; i + n < begun.size(); i++) {
                assertThat(Duration.between(begun.get(i), begun.get(i + n)))
                        .as("%s, seed %d: calls %d to %d", text, seed, i, i + n)
                        .isGreaterThanOrEqualTo(rate.period());
            }
        }
    }

    /**
     * Calls that arrive at random, begin up to the allowed lateness after their slots, or up to the doubt that there is about the
     * slot's time, and are at times not made at all.
     */
    private static List<Instant> begun(Rate rate, Random random) {
        Pace pace = new Pace(rate.interval(), null, null, null);
        Instant now = START;
        List<Instant> begun = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            long idle = random.nextInt(5) == 0
                    ? 4 * rate.interval().toNanos()
                    : rate.interval().toNanos() / 2;
            now = now.plusNanos(random.nextLong(idle + 1));
            Instant slot = pace.slot(now);
            assertThat(slot).isAfterOrEqualTo(now);
            Duration doubt = random.nextInt(5) == 0 ? Duration.ofMillis(random.nextInt(60)) : Duration.ZERO;
            pace = (random.nextBoolean() ? pace.after(slot) : pace.afterFirst(slot, now, true)).putOff(doubt);
            if (random.nextInt(10) > 0) {
                begun.add(
                        slot.plusNanos(random.nextLong(Pace.LATENESS.plus(doubt).toNanos() + 1)));
            }
        }
        begun.sort(null);
        return begun;
    }

    @Test
    void rule_11_a_slot_that_was_given_up_is_to_be_had_again_unless_a_later_one_was_given() {
        Duration interval = Duration.ofMillis(510);
        Pace first = new Pace(interval, null, null, null);
        Instant slot = first.slot(START);
        Duration doubt = Duration.ofMillis(3);
        Pace given = first.after(slot).putOff(doubt);
        Slot missed = Slot.of(slot, START, 0, 0, doubt);
        Instant later = START.plusMillis(50);

        assertThat(given.slot(later)).isEqualTo(slot.plus(interval).plus(doubt));
        assertThat(given.without(missed).slot(later)).isEqualTo(later.plus(Slot.LEAD));

        Pace twice = given.after(given.slot(later));
        assertThat(twice.without(missed)).isEqualTo(twice);
        assertThat(given.without(Slot.now())).isEqualTo(given);
    }

    @Test
    void a_raised_rate_does_not_wait_for_the_next_slot_of_the_old_one() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        Capacity called = new Capacity(
                new UUID(0, 1),
                "north",
                null,
                now.plus(Duration.ofHours(1)),
                null,
                null,
                null,
                null,
                new Usage(null, 0, 0),
                null,
                null);
        ChannelRow raised = new ChannelRow(
                "north",
                Optional.of(Rate.parse("1/h")),
                Optional.empty(),
                Optional.of(Rate.parse("10/s")),
                Optional.empty(),
                Optional.empty(),
                false);

        assertThat(called.pace(raised, now).slot(now)).isBefore(now.plus(Duration.ofMillis(1200)));
    }

    @Test
    void calls_that_are_all_there_are_as_many_as_the_rate_allows_but_for_two_percent() {
        Pace pace = new Pace(Rate.parse("20/s").interval(), null, null, null);
        Instant last = START;
        for (int i = 0; i < 400; i++) {
            last = pace.slot(START);
            pace = pace.after(last);
        }
        assertThat(Duration.between(START, last)).isLessThan(Duration.ofMillis(20_000 * 102 / 100));
    }

    /** Of slots that are given together, only the first tells how early the jobs came. */
    @Test
    void who_comes_too_late_for_the_next_slot_is_put_on_the_wire_earlier_and_who_comes_too_early_later() {
        Duration ahead = Duration.ofMillis(200);
        Pace pace = new Pace(Duration.ofMillis(1), START, null, ahead);
        Instant justMissed = START.minus(Slot.LEAD).plusMillis(1);
        Instant inTime = START.minusMillis(30);
        Instant early = START.minusMillis(60);

        assertThat(pace.afterFirst(pace.slot(justMissed), justMissed, true).ahead())
                .isGreaterThan(ahead);
        assertThat(pace.afterFirst(pace.slot(justMissed), justMissed, false).ahead())
                .as("nobody waited")
                .isEqualTo(ahead);
        assertThat(pace.afterFirst(START, inTime, true).ahead()).isEqualTo(ahead);
        assertThat(pace.afterFirst(START, early, true).ahead()).isLessThan(ahead);
        assertThat(pace.after(START).ahead()).isEqualTo(ahead);
    }

    @Test
    void what_was_learned_is_forgotten_by_half_in_half_a_minute() {
        assertThat(Pace.forgotten(Duration.ofMillis(100), Duration.ofSeconds(30)))
                .isEqualTo(Duration.ofMillis(50));
        assertThat(Pace.forgotten(Duration.ofMillis(100), Duration.ofSeconds(-5)))
                .isEqualTo(Duration.ofMillis(100));
        assertThat(Pace.forgotten(Duration.ofMillis(100), Duration.ofDays(300))).isZero();
    }

    @Test
    void nothing_begins_before_the_outside_may_be_called_again() {
        Pace pace = new Pace(Duration.ZERO, null, START.plusSeconds(9), null);
        assertThat(pace.slot(START)).isEqualTo(START.plusSeconds(9));
        assertThat(pace.slot(START.plusSeconds(10)))
                .isEqualTo(START.plusSeconds(10).plus(Slot.LEAD));
    }
}
