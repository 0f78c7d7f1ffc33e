package azukari.limit;

import azukari.database.Tx;
import azukari.limit.CapacityTable.Looked;
import azukari.limit.Permit.Phase;
import azukari.limit.PermitTable.Head;
import azukari.limit.PermitTable.Taken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One look for room in some capacities: their rows are locked first, and only then it is looked who waits, in new statements
 * (rule 8). A job waits for one capacity at a time, first for its lock, then for a channel that has no room; it gets all of its
 * channels at once, or none.
 */
public final class Rooms {
    private static final int MOST_AT_ONCE = 100;
    /** Also those that go on to wait for another capacity, which may be all of them. */
    private static final int MOST_TOUCHED = 256;

    private final Tx tx;
    private final Function<List<UUID>, Set<UUID>> lockJobs;
    private final Map<UUID, Room> rooms = new TreeMap<>();
    /** Also those that do not exist: nothing limits them, and looking for them again would find them no sooner. */
    private final Set<UUID> asked = new HashSet<>();

    private final Set<UUID> further = new HashSet<>();
    private final List<Permit> moves = new ArrayList<>();
    private final Map<UUID, Instant> admitted = new LinkedHashMap<>();
    private final List<UUID> proceeded = new ArrayList<>();

    private Rooms(Tx tx, Function<List<UUID>, Set<UUID>> lockJobs) {
        this.tx = tx;
        this.lockJobs = lockJobs;
    }

    /**
     * What a look came to.
     *
     * @param admitted jobs that have all they need, and when their calls will probably begin, by the database's clock; they are to be
     *     put on the wire in this transaction
     * @param proceeded jobs that have their lock, and wait for a channel now
     * @param further the capacities that are to be looked at next, all of them together
     */
    public record Look(Map<UUID, Instant> admitted, List<UUID> proceeded, Set<UUID> further) {}

    /**
     * Looks for room and gives it away.
     *
     * @param lockJobs locks those of these jobs that are WAITING and that nobody else has locked
     */
    public static Look look(Tx tx, Collection<UUID> capacities, Function<List<UUID>, Set<UUID>> lockJobs) {
        Rooms rooms = new Rooms(tx, lockJobs);
        rooms.open(capacities);
        return rooms.fill();
    }

    private void open(Collection<UUID> capacities) {
        asked.addAll(capacities);
        List<Capacity> locked = CapacityTable.lock(tx, capacities);
        if (locked.isEmpty()) {
            return;
        }
        List<UUID> ids = locked.stream().map(Capacity::id).toList();
        Map<UUID, Taken> taken = PermitTable.taken(tx, ids);
        Limits limits = Limits.of(tx, ids);
        boolean perNode = limits.channels().values().stream()
                .anyMatch(row -> row.perNode().isPresent());
        int nodes = perNode ? ChannelTable.nodes(tx) : 0;
        for (Capacity capacity : locked) {
            rooms.put(
                    capacity.id(),
                    new Room(
                            capacity,
                            limits.of(capacity),
                            nodes,
                            taken.getOrDefault(capacity.id(), Taken.NOTHING),
                            limits.clock()));
        }
    }

    private Look fill() {
        fillForOne();
        rooms.values().forEach(this::fill);
        List<Looked> looks = new ArrayList<>();
        Set<UUID> waitedFor = PermitTable.waitedFor(tx, rooms.keySet());
        for (Room room : rooms.values()) {
            Looked looked = room.looked(waitedFor.contains(room.capacity().id()));
            if (looked != null) {
                looks.add(looked);
            }
        }
        CapacityTable.looked(tx, looks);
        return new Look(admitted, proceeded, further);
    }

    /**
     * Many keys have room for one job at a time, and one submitter's jobs wait there: those are read, locked and moved together,
     * whatever their number.
     */
    private void fillForOne() {
        List<UUID> forOne = rooms.values().stream()
                .filter(room -> room.free(2) == 1)
                .map(room -> room.capacity().id())
                .toList();
        if (forOne.size() > 1) {
            List<Turn> turns = PermitTable.onlyHeads(tx, forOne).entrySet().stream()
                    .map(head -> new Turn(rooms.get(head.getKey()), head.getValue()))
                    .toList();
            boolean unused = give(turns);
        }
    }

    private void fill(Room room) {
        int free = room.free(MOST_AT_ONCE);
        boolean goesOn = free > 0;
        int touched = 0;
        while (goesOn
                && touched < MOST_TOUCHED) { // What is left is looked at a moment later: there is room, and somebody
            // waits.
            List<Head> heads = new Turns(tx, room.capacity()).next(free);
            touched += heads.size();
            goesOn = !heads.isEmpty()
                    && give(heads.stream().map(head -> new Turn(room, head)).toList());
            free = room.free(MOST_AT_ONCE);
            goesOn &= free > 0;
        }
    }

    /** A job whose turn it is in a room. */
    private record Turn(Room room, Head head) {
        UUID job() {
            return head.job();
        }
    }

    /** Gives room to jobs in their order; returns whether there may be others for the rest of it. */
    private boolean give(List<Turn> turns) {
        Map<UUID, List<Permit>> permits =
                PermitTable.of(tx, turns.stream().map(Turn::job).toList());
        Map<Room, Set<UUID>> needed = new HashMap<>();
        for (Turn turn : turns) {
            Set<UUID> others = needed.computeIfAbsent(turn.room(), room -> new HashSet<>());
            if (!turn.room().capacity().isLock()) {
                others(permits.get(turn.job()), turn.room())
                        .map(Permit::capacity)
                        .forEach(others::add);
            }
        }
        needed.forEach((room, others) -> {
            if (!asked.containsAll(others)) { // All of them next time: by turns, one would always be missing.
                further.add(room.capacity().id());
                further.addAll(others);
            }
        });
        List<Turn> complete = turns.stream()
                .filter(turn -> asked.containsAll(needed.get(turn.room())))
                .toList();
        if (complete.isEmpty()) {
            return false;
        }
        Set<UUID> mine = lockJobs.apply(complete.stream().map(Turn::job).toList());
        int moved = moves.size();
        for (Turn turn : complete) {
            if (mine.contains(turn.job())) {
                turn.room().tookTurn(turn.head().submitter());
                if (turn.room().capacity().isLock()) {
                    proceed(turn.room(), permits.get(turn.job()));
                } else {
                    admit(turn.room(), permits.get(turn.job()));
                }
            }
        }
        boolean some = moves.size() > moved;
        PermitTable.move(tx, moves.subList(moved, moves.size()));
        return some;
    }

    private static Stream<Permit> others(List<Permit> permits, Room room) {
        return permits.stream()
                .filter(permit -> !permit.kept()
                        && permit.phase() != Phase.HELD
                        && !permit.capacity().equals(room.capacity().id()));
    }

    /** Gives a job its lock; it waits for a channel next, if it needs one. */
    private void proceed(Room lock, List<Permit> permits) {
        UUID job = permits.get(0).job();
        Instant begin = lock.take();
        moves.add(new Permit(job, lock.capacity().id(), Phase.HELD, true));
        Optional<UUID> channel = others(permits, lock).map(Permit::capacity).findFirst();
        if (channel.isPresent()) {
            moves.add(new Permit(job, channel.get(), Phase.WAITING, false));
            proceeded.add(job);
            further.add(channel.get());
        } else {
            admitted.put(job, begin);
        }
    }

    /** Gives a job all of its channels, or makes it wait for the first that has no room. */
    private void admit(Room room, List<Permit> permits) {
        UUID job = permits.get(0).job();
        List<Room> others = others(permits, room)
                .map(permit -> rooms.get(permit.capacity()))
                .filter(Objects::nonNull)
                .toList();
        Optional<Room> full =
                others.stream().filter(other -> other.free(1) == 0).findFirst();
        if (full.isPresent()) {
            moves.add(new Permit(job, room.capacity().id(), Phase.IDLE, false));
            moves.add(new Permit(job, full.get().capacity().id(), Phase.WAITING, false));
            return;
        }
        if (room.free(1) == 0) {
            return; // It was taken meanwhile, together with another channel.
        }
        moves.add(new Permit(job, room.capacity().id(), Phase.HELD, false));
        others(permits, room).forEach(permit -> moves.add(new Permit(job, permit.capacity(), Phase.HELD, false)));
        Instant begin = room.take();
        for (Room other : others) {
            Instant there = other.take();
            begin = there.isAfter(begin) ? there : begin;
        }
        admitted.put(job, begin);
    }
}
