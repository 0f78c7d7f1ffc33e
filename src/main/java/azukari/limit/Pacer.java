package azukari.limit;

import azukari.limit.CapacityTable.Given;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** A locked capacity whose slots are given away. */
final class Pacer {
    private final Capacity capacity;
    private final Instant clock;
    private Pace pace;
    private Usage usage;
    private boolean called;

    private boolean changed;

    Pacer(Capacity capacity, Limits limits) {
        this.capacity = capacity;
        this.clock = limits.clock();
        this.pace = capacity.pace(limits.of(capacity), clock);
        this.usage = capacity.usage();
    }

    private Pacer(Pacer other) {
        this.capacity = other.capacity;
        this.clock = other.clock;
        this.pace = other.pace;
        this.usage = other.usage;
    }

    UUID id() {
        return capacity.id();
    }

    /** Another one, for a trial. */
    Pacer copy() {
        return new Pacer(this);
    }

    /** The next slot that is at least so far ahead. */
    Instant slot(Duration lead) {
        return pace.slot(clock, lead);
    }

    /** A slot was not made use of. */
    void without(Slot missed) {
        pace = pace.without(missed);
        changed = true;
    }

    /** @param again whether this is the call of a slot that was missed, which has been counted */
    void take(Instant slot, boolean again) {
        pace = called || again ? pace.after(slot) : pace.afterFirst(slot, clock, capacity.wakeAt() != null);
        usage = again ? usage : usage.next(clock);
        called = true;
        changed = true;
    }

    /** All that came are sent back. */
    void tooEarly() {
        pace = pace.afterTooEarly();
        changed = true;
    }

    /** Whether slots were given, and not only refused. */
    boolean isCalled() {
        return called;
    }

    boolean isChanged() {
        return changed;
    }

    /** Whether nothing is left of what the outside once asked for. */
    boolean isOver() {
        return capacity.isOver(clock);
    }

    /** What is to be stored; slots that are only known to within some time put off the next ones. */
    Given given(Duration doubt) {
        boolean exact = doubt.isZero() || !called;
        return new Given(capacity.id(), exact ? pace : pace.putOff(doubt), usage);
    }
}
