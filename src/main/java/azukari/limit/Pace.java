package azukari.limit;

import azukari.catalog.Rate;
import java.time.Duration;
import java.time.Instant;

/**
 * The arithmetic of slots: a virtual scheduling GCRA (ITU-T I.371, annex A) without a burst. Calls begin at slots, an interval
 * apart; a slot that nobody took is gone. All times are the database's, read while the capacity's row is locked.
 *
 * @param interval from one slot to the next; zero for no rate
 * @param nextSlot the earliest next slot; null: at once
 * @param closedUntil no slot is before then; null: open
 * @param ahead how far ahead of its slot a job is put on the wire, so that it is there in time: learned from how early they come
 */
record Pace(Duration interval, Instant nextSlot, Instant closedUntil, Duration ahead) {
    /** How much later than its slot a call may begin: what the spacing has to spare (rule 11). */
    static final Duration LATENESS = Rate.SLACK;
    /** A job that comes so much further ahead of its slot than it has to is sent back; its lane's thread waits for no longer. */
    static final Duration FARTHEST = Duration.ofMillis(150);
    /**
     * No slot is further away than this and an interval: those of a rate that holds no longer would be. It is more than a slot may be
     * ahead ({@link #FARTHEST}, {@link Slot#LONGEST_LEAD}) and uncertain together. A window of a minute or an hour
     * may hold calls of the rate before.
     */
    static final Duration LONGEST_PUT_OFF = Duration.ofSeconds(1);
    /** A job had better come so far ahead of its slot. */
    private static final Duration IN_TIME = Duration.ofMillis(50);
    /** Rule 10: the earliest that a job is put on the wire. */
    private static final Duration MOST_AHEAD = Duration.ofSeconds(1);

    /** Half of a learned slowness is forgotten in this time. */
    private static final Duration HALF_LIFE = Duration.ofSeconds(30);

    private static final Duration LEAST_AHEAD = Duration.ofMillis(60);
    private static final Duration FIRST_AHEAD = Duration.ofMillis(100);
    private static final int SLOTS_AHEAD = 4;
    /** The database stores microseconds. */
    private static final Duration STORED_TO = Duration.ofNanos(2000);

    Pace {
        if (ahead == null) {
            ahead = within(LEAST_AHEAD, interval.multipliedBy(SLOTS_AHEAD), FIRST_AHEAD);
        }
    }

    /** The slowness that is left of what was learned some time ago. */
    static Duration forgotten(Duration learned, Duration since) {
        double halves = (double) since.toNanos() / HALF_LIFE.toNanos();
        return Duration.ofNanos((long) (learned.toNanos() * Math.pow(0.5, Math.max(0, halves))));
    }

    boolean isLimited() {
        return !interval.isZero() || closedUntil != null;
    }

    /** The slot of a call that is about to begin. */
    Instant slot(Instant now) {
        return slot(now, Slot.LEAD);
    }

    /**
     * The slot of a call that is about to begin.
     *
     * @param lead how far ahead it is to be, at least
     */
    Instant slot(Instant now, Duration lead) {
        Instant slot = now.plus(lead);
        if (nextSlot != null && nextSlot.isAfter(slot)) {
            slot = nextSlot;
        }
        return closedUntil != null && closedUntil.isAfter(slot) ? closedUntil : slot;
    }

    /** After a slot was given away. */
    Pace after(Instant slot) {
        return new Pace(interval, slot.plus(interval), closedUntil, ahead);
    }

    /**
     * After the first of the slots that are given away together. Only its job tells how early jobs come; the others come earlier the
     * more there are.
     *
     * @param waited whether other jobs wait in the table: then one that comes too late for the next slot shows that they are put on
     *     the wire too late
     */
    Pace afterFirst(Instant slot, Instant now, boolean waited) {
        Instant earliest = now.plus(Slot.LEAD);
        boolean late = waited && nextSlot != null && earliest.isAfter(nextSlot);
        Duration next = ahead;
        if (late) {
            next = shorter(
                    ahead.multipliedBy(3).dividedBy(2),
                    ahead.plus(Duration.between(nextSlot, earliest)).plus(IN_TIME.dividedBy(2)));
        } else if (slot.isAfter(now.plus(IN_TIME))) {
            next = ahead.multipliedBy(49).dividedBy(50);
        }
        return new Pace(interval, slot.plus(interval), closedUntil, within(LEAST_AHEAD, next, MOST_AHEAD));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** After a slot was given up; it is to be had again if it is the last one that was given. */
    Pace without(Slot missed) {
        boolean last = missed.upTo() != null
                && nextSlot != null
                && Duration.between(missed.upTo().plus(interval), nextSlot)
                                .abs()
                                .compareTo(STORED_TO)
                        < 0;
        return last ? new Pace(interval, missed.upTo(), closedUntil, ahead) : this;
    }

    /** After slots were given that are only known to within some time: the next one is as much later. */
    Pace putOff(Duration by) {
        return new Pace(interval, nextSlot.plus(by), closedUntil, ahead);
    }

    /** After a job was sent back, because it came too far ahead of its slot. */
    Pace afterTooEarly() {
        return new Pace(
                interval,
                nextSlot,
                closedUntil,
                within(LEAST_AHEAD, ahead.multipliedBy(4).dividedBy(5), MOST_AHEAD));
    }

    private static Duration within(Duration least, Duration wanted, Duration most) {
        if (wanted.compareTo(least) < 0) {
            return least;
        }
        return shorter(wanted, most);
    }

    /** When the next job is to be put on the wire: so that it arrives shortly before its slot. */
    Instant admission(Instant now, int notBegun) {
        return expected(now, notBegun).minus(ahead);
    }

    /** The slot that the next job will probably get, while others are on the wire that have not begun. */
    Instant expected(Instant now, int notBegun) {
        return slot(now).plus(interval.multipliedBy(notBegun));
    }
}
