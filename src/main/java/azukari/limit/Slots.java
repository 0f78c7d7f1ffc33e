package azukari.limit;

import azukari.database.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Gives slots to calls that are about to begin, in one transaction. The capacities that have a pace are locked first, and the
 * limits and the time are read only then; so whatever happened to a limit before is seen, and no slot is given twice.
 */
public final class Slots {
    private static final Duration PAUSED = Duration.ofMillis(500);

    private final Tx tx;
    private final Map<UUID, List<Hold>> holds;
    /** By capacity. */
    private final Map<UUID, Pacer> pacers = new HashMap<>();
    /** Null if nothing has a pace. */
    private final Limits limits;

    private Slots(Tx tx, Collection<UUID> jobs) {
        this.tx = tx;
        this.holds = PermitTable.holds(tx, jobs);
        List<UUID> paced = holds.values().stream()
                .flatMap(List::stream)
                .filter(hold -> hold.held() && hold.paced())
                .map(Hold::capacity)
                .distinct()
                .toList();
        List<Capacity> locked = CapacityTable.lock(tx, paced);
        this.limits = paced.isEmpty() ? null : Limits.of(tx, held());
        locked.forEach(capacity -> pacers.put(capacity.id(), new Pacer(capacity, limits)));
    }

    private List<UUID> held() {
        return holds.values().stream()
                .flatMap(List::stream)
                .filter(Hold::held)
                .map(Hold::capacity)
                .distinct()
                .toList();
    }

    /** Prepares slots for limited jobs that hold what they need. */
    public static Slots open(Tx tx, Collection<UUID> jobs) {
        return new Slots(tx, jobs);
    }

    /** Whether a limited job still has what it was admitted with: a run that was given up on, and goes on, has it no longer. */
    public boolean holds(UUID job) {
        return holds.containsKey(job) && holds.get(job).stream().allMatch(Hold::held);
    }

    /** Of the jobs, in this order, those whose calls may not begin now: a channel is paused, or the slot is too far away. */
    public List<UUID> refused(List<UUID> jobs) {
        Map<UUID, Pacer> trial = new HashMap<>();
        pacers.forEach((id, pacer) -> trial.put(id, pacer.copy()));
        List<UUID> refused = new ArrayList<>();
        for (UUID job : jobs) {
            if (take(trial, needed(job, null), Slot.LEAD, null) == null) {
                refused.add(job);
            }
        }
        refused.stream()
                .flatMap(job -> in(pacers, needed(job, null)))
                .distinct()
                .filter(pacer -> !trial.get(pacer.id()).isCalled())
                .forEach(Pacer::tooEarly);
        return refused;
    }

    /**
     * Takes a slot for a job's call; empty if it may not begin now.
     *
     * @param channel one of the job's; null: all of them at once
     * @param lead how far ahead the slot is to be, at least
     * @param missed the slot that the call had; null for none
     */
    public Optional<Slot> take(UUID job, String channel, Duration lead, Slot missed) {
        return Optional.ofNullable(take(pacers, needed(job, channel), lead, missed));
    }

    /** Gives back a slot that was not made use of; of those that were given one after another, the last one first. */
    public void giveBack(UUID job, Slot slot) {
        in(pacers, needed(job, null)).forEach(pacer -> pacer.without(slot));
    }

    private Slot take(Map<UUID, Pacer> from, List<Hold> needed, Duration lead, Slot missed) {
        if (needed.stream().anyMatch(this::isPaused)) {
            return null;
        }
        List<Pacer> paced = in(from, needed).toList();
        if (paced.isEmpty()) {
            return Slot.now();
        }
        if (missed != null) {
            paced.forEach(pacer -> pacer.without(missed));
        }
        Instant slot = slot(paced, lead);
        if (Duration.between(limits.clock(), slot).compareTo(Pace.FARTHEST.plus(lead)) > 0) {
            return null;
        }
        paced.forEach(pacer -> pacer.take(slot, missed != null));
        return limits.slot(slot);
    }

    private static Instant slot(List<Pacer> paced, Duration lead) {
        return paced.stream()
                .map(pacer -> pacer.slot(lead))
                .max(Instant::compareTo)
                .orElseThrow();
    }

    private static Stream<Pacer> in(Map<UUID, Pacer> pacers, List<Hold> needed) {
        return needed.stream().map(hold -> pacers.get(hold.capacity())).filter(Objects::nonNull);
    }

    private List<Hold> needed(UUID job, String channel) {
        return holds.getOrDefault(job, List.of()).stream()
                .filter(hold -> hold.held() && (channel == null || channel.equals(hold.channel())))
                .toList();
    }

    private boolean isPaused(Hold hold) {
        if (limits == null) {
            return hold.paused();
        }
        ChannelRow now = limits.channels().get(hold.channel());
        return now != null && now.paused();
    }

    /** How long to wait before asking again for a slot that was refused. */
    public Duration wait(UUID job, String channel) {
        List<Hold> needed = needed(job, channel);
        if (!holds(job) || needed.stream().anyMatch(this::isPaused)) {
            return PAUSED;
        }
        return Duration.between(limits.clock(), slot(in(pacers, needed).toList(), Slot.LEAD))
                .minus(Pace.FARTHEST);
    }

    /** Stores which slots were taken. */
    public void store() {
        List<Pacer> changed = pacers.values().stream().filter(Pacer::isChanged).toList();
        if (!changed.isEmpty()) {
            Duration doubt = limits.doubt();
            CapacityTable.give(
                    tx, changed.stream().map(pacer -> pacer.given(doubt)).toList());
            CapacityTable.forget(
                    tx, changed.stream().filter(Pacer::isOver).map(Pacer::id).toList());
        }
    }
}
