package azukari.limit;

import azukari.limit.CapacityTable.Looked;
import azukari.limit.PermitTable.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** The room in a capacity whose row is locked, while it is given away. */
final class Room {
    /** Looking again more often than this would find next to nothing. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(25);

    private final Capacity capacity;
    private final boolean paused;
    private final int most;
    private final Pace pace;
    private final Instant clock;
    private int held;
    private int notBegun;
    private String turn;

    /**
     * @param limits the channel's; null for a lock, or if the channel does not exist any longer
     * @param nodes how many nodes there are
     */
    Room(Capacity capacity, ChannelRow limits, int nodes, Taken taken, Instant clock) {
        this.capacity = capacity;
        this.paused = limits != null && limits.paused();
        this.most = capacity.most(limits, nodes);
        this.pace = capacity.pace(limits, clock);
        this.clock = clock;
        this.held = taken.held();
        this.notBegun = taken.notBegun();
        this.turn = capacity.turn();
    }

    Capacity capacity() {
        return capacity;
    }

    /** How many more jobs it has room for now, at most as many as asked for. */
    int free(int wanted) {
        int free = 0;
        while (free < wanted && !paused && held + free < most && isTime(notBegun + free)) {
            free++;
        }
        return free;
    }

    private boolean isTime(int before) {
        return !pace.isLimited() || !pace.admission(clock, before).isAfter(clock);
    }

    /** Takes room for a job; returns when its call will probably begin. */
    Instant take() {
        held++;
        return pace.expected(clock, notBegun++);
    }

    void tookTurn(String submitter) {
        turn = submitter;
    }

    /**
     * What is to be stored after the look; null if that is what is stored.
     *
     * @param waited whether jobs still wait here
     */
    Looked looked(boolean waited) {
        Instant wakeAt = waited ? wakeAt() : null;
        boolean same = Objects.equals(wakeAt, capacity.wakeAt())
                && Objects.equals(turn, capacity.turn())
                && Objects.equals(pace.nextSlot(), capacity.nextSlot());
        return same ? null : new Looked(capacity.id(), turn, wakeAt, pace.nextSlot(), clock);
    }

    /** When time alone makes room; null if only a change does. */
    private Instant wakeAt() {
        if (paused || held >= most) {
            return null;
        }
        Instant earliest = clock.plus(SHORTEST_PAUSE);
        Instant then = pace.isLimited() ? pace.admission(clock, notBegun) : earliest;
        return then.isBefore(earliest) ? earliest : then;
    }
}
