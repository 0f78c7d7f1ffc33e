package azukari.limit;

import azukari.database.Tx;
import azukari.limit.CapacityTable.Given;
import azukari.limit.Permit.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Gives slots to calls that are about to begin, in one transaction. The capacities that have a pace are locked first, and the
 * limits and the time are read only then; so whatever happened to a limit before is seen, and no slot is given twice.
 */
public final class Slots {
    private static final Duration PAUSED = Duration.ofMillis(500);
    /**
     * Half of the lateness that is allowed is for not knowing when, between two readings of this process's clock, the database looked
     * at its own; the other half is the call's. Where the readings are further apart, the next slots are put off.
     */
    private static final Duration FREE_DOUBT = Pace.LATENESS.dividedBy(2);

    private static final Duration MOST_DOUBT = Duration.ofMillis(250);

    private final Tx tx;
    private final Map<UUID, List<Capacity>> capacitiesOf = new HashMap<>();
    private final Map<UUID, Capacity> rows = new HashMap<>();
    private final Map<String, ChannelRow> channels;
    private final Map<UUID, Pace> paces = new HashMap<>();
    private final Set<UUID> waited = new HashSet<>();
    private final Set<UUID> holders = new HashSet<>();
    private final Map<UUID, Given> given = new HashMap<>();
    /** Those of which slots were given, and not only refused. */
    private final Set<UUID> called = new HashSet<>();

    private final Instant clock;
    private final long before;
    private final long after;
    /** By how much the readings of this process's clock were further apart than {@link #FREE_DOUBT}. */
    private final Duration doubt;

    private Slots(Tx tx, Collection<UUID> jobs) {
        this.tx = tx;
        Map<UUID, List<Permit>> permits = PermitTable.of(tx, jobs);
        Map<UUID, List<UUID>> held = held(permits);
        permits.forEach((job, own) -> {
            if (own.stream().allMatch(permit -> permit.kept() || permit.phase() == Phase.HELD)) {
                holders.add(job);
            }
        });
        List<UUID> all = held.values().stream().flatMap(List::stream).distinct().toList();
        CapacityTable.read(tx, all).forEach(row -> rows.put(row.id(), row));
        Map<String, ChannelRow> unlocked = all.isEmpty() ? Map.of() : ChannelTable.of(tx, all);
        List<UUID> paced = rows.values().stream()
                .filter(row -> isPaced(row, unlocked.get(row.channel())))
                .map(Capacity::id)
                .toList();
        CapacityTable.lock(tx, paced).forEach(row -> rows.put(row.id(), row));
        rows.values().stream()
                .filter(row -> row.wakeAt() != null)
                .map(Capacity::id)
                .forEach(waited::add);
        this.channels = paced.isEmpty() ? unlocked : ChannelTable.of(tx, all);
        this.before = System.nanoTime();
        this.clock = paced.isEmpty() ? null : CapacityTable.clock(tx);
        this.after = System.nanoTime();
        this.doubt = doubt(Duration.ofNanos(after - before));
        paced.forEach(
                id -> paces.put(id, rows.get(id).pace(channels.get(rows.get(id).channel()), clock)));
        held.forEach((job, ids) -> capacitiesOf.put(
                job, ids.stream().filter(rows::containsKey).map(rows::get).toList()));
    }

    /** With more than can be put off, slots are missed. */
    private static Duration doubt(Duration apart) {
        Duration doubt = apart.minus(FREE_DOUBT);
        if (doubt.isNegative()) {
            return Duration.ZERO;
        }
        return doubt.compareTo(MOST_DOUBT) < 0 ? doubt : MOST_DOUBT;
    }

    private static Map<UUID, List<UUID>> held(Map<UUID, List<Permit>> permits) {
        Map<UUID, List<UUID>> held = new HashMap<>();
        permits.forEach((job, own) -> held.put(
                job,
                own.stream()
                        .filter(permit -> permit.phase() == Phase.HELD && !permit.kept())
                        .map(Permit::capacity)
                        .toList()));
        return held;
    }

    private static boolean isPaced(Capacity capacity, ChannelRow limits) {
        return capacity.learned() != null
                || capacity.closedUntil() != null
                || (limits != null && limits.rate().isPresent());
    }

    /** Prepares slots for limited jobs that hold what they need. */
    public static Slots open(Tx tx, Collection<UUID> jobs) {
        return new Slots(tx, jobs);
    }

    /** Whether a limited job still has what it was admitted with: a run that was given up on, and goes on, has it no longer. */
    public boolean holds(UUID job) {
        return holders.contains(job);
    }

    /** Of the jobs, in this order, those whose calls may not begin now: a channel is paused, or the slot is too far away. */
    public List<UUID> refused(List<UUID> jobs) {
        Map<UUID, Pace> asTheyWere = new HashMap<>(paces);
        List<UUID> refused = new ArrayList<>();
        for (UUID job : jobs) {
            if (take(job, null, Slot.LEAD, null).isEmpty()) {
                refused.add(job);
            }
        }
        paces.putAll(asTheyWere);
        given.clear();
        called.clear();
        for (UUID job : refused) {
            for (Capacity capacity : needed(job, null)) {
                if (paces.containsKey(capacity.id())) {
                    paces.computeIfPresent(capacity.id(), (id, pace) -> pace.afterTooEarly());
                    give(capacity, capacity.usage());
                }
            }
        }
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
        List<Capacity> needed = needed(job, channel);
        if (needed.stream().anyMatch(this::isPaused)) {
            return Optional.empty();
        }
        List<UUID> paced =
                needed.stream().map(Capacity::id).filter(paces::containsKey).toList();
        if (paced.isEmpty()) {
            return Optional.of(Slot.now());
        }
        if (missed != null) {
            paced.forEach(capacity -> paces.computeIfPresent(capacity, (id, pace) -> pace.without(missed)));
        }
        Instant slot = slot(paced, lead);
        Duration ahead = Duration.between(clock, slot);
        if (ahead.compareTo(Pace.FARTHEST.plus(lead)) > 0) {
            return Optional.empty();
        }
        for (Capacity capacity : needed) {
            if (paces.containsKey(capacity.id())) {
                paces.computeIfPresent(capacity.id(), (id, pace) -> pace.after(slot, clock, waited.contains(id)));
                called.add(capacity.id());
                give(capacity, missed == null ? usage(capacity).next(clock) : usage(capacity));
            }
        }
        return Optional.of(Slot.of(slot, clock, before, after, doubt));
    }

    private Usage usage(Capacity capacity) {
        Given before = given.get(capacity.id());
        return before == null ? capacity.usage() : before.usage();
    }

    private void give(Capacity capacity, Usage usage) {
        given.put(capacity.id(), new Given(capacity.id(), paces.get(capacity.id()), usage));
    }

    private Instant slot(List<UUID> paced, Duration lead) {
        return paced.stream()
                .map(capacity -> paces.get(capacity).slot(clock, lead))
                .max(Instant::compareTo)
                .orElseThrow();
    }

    private List<Capacity> needed(UUID job, String channel) {
        return capacitiesOf.getOrDefault(job, List.of()).stream()
                .filter(capacity -> channel == null || channel.equals(capacity.channel()))
                .toList();
    }

    private boolean isPaused(Capacity capacity) {
        ChannelRow limits = channels.get(capacity.channel());
        return limits != null && limits.paused();
    }

    /** How long to wait before asking again for a slot that was refused. */
    public Duration wait(UUID job, String channel) {
        List<Capacity> needed = needed(job, channel);
        if (!holds(job) || needed.stream().anyMatch(this::isPaused)) {
            return PAUSED;
        }
        List<UUID> paced =
                needed.stream().map(Capacity::id).filter(paces::containsKey).toList();
        return Duration.between(clock, slot(paced, Slot.LEAD)).minus(Pace.FARTHEST);
    }

    /** Stores which slots were taken. */
    public void store() {
        if (!given.isEmpty()) {
            CapacityTable.give(tx, given.values().stream().map(this::putOff).toList());
            CapacityTable.forget(
                    tx, given.keySet().stream().filter(this::isOver).toList());
        }
    }

    private Given putOff(Given one) {
        boolean exact = doubt.isZero() || !called.contains(one.id());
        return exact ? one : new Given(one.id(), one.pace().putOff(doubt), one.usage());
    }

    /** Whether nothing is left of what the outside once asked for. */
    private boolean isOver(UUID capacity) {
        return rows.get(capacity).isOver(clock);
    }
}
