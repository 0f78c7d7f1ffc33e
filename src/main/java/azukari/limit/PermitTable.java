package azukari.limit;

import azukari.database.Dialect;
import azukari.database.GroupStatement;
import azukari.database.Tx;
import azukari.limit.Permit.Phase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The statements on the permits. */
public final class PermitTable {
    private static final Comparator<Permit> IN_ORDER =
            Comparator.comparing(Permit::job).thenComparing(Permit::capacity);

    private static final GroupStatement<NewPermit> INSERT = GroupStatement.insert(
                    """
                    INSERT INTO permit (job, capacity, phase, rank, submitter, kept)
                    VALUES (:job, :capacity, :phase, :rank, :submitter, :kept)
                    """, Comparator.comparing(NewPermit::job).thenComparing(NewPermit::capacity))
            .id("job", NewPermit::job)
            .id("capacity", NewPermit::capacity)
            .number("phase", permit -> permit.phase().number())
            .number("rank", NewPermit::rank)
            .text("submitter", NewPermit::submitter)
            .flag("kept", NewPermit::kept)
            .build();

    private static final GroupStatement<Permit> MOVE = GroupStatement.update("""
                    UPDATE permit SET phase = :phase
                     :group
                     WHERE job = :job AND capacity = :capacity
                    """, IN_ORDER)
            .id("job", Permit::job)
            .id("capacity", Permit::capacity)
            .number("phase", permit -> permit.phase().number())
            .build();

    private static final String OF = """
            SELECT job, capacity, phase, kept FROM permit WHERE job = ANY(?) ORDER BY job, capacity
            """;

    private static final String HOLDS = """
            SELECT p.job, p.capacity, p.kept OR p.phase = 2 AS held, c.channel, COALESCE(h.paused, FALSE) AS paused,
                   (h.rate IS NOT NULL OR c.learned_micros IS NOT NULL OR c.closed_until IS NOT NULL) AS paced
              FROM permit p LEFT JOIN capacity c ON c.id = p.capacity LEFT JOIN channel h ON h.name = c.channel
             WHERE p.job = ANY(?)
             ORDER BY p.job, p.capacity
            """;

    private static final String DELETE = """
            DELETE FROM permit WHERE job = ANY(?)
            """;

    private static final String GIVE_BACK = """
            UPDATE permit SET phase = 0 WHERE job = ANY(?) AND NOT kept AND phase <> 0
            """;

    private static final String HELD = """
            SELECT p.capacity, COUNT(*) AS held, SUM(CASE WHEN s.state = 'QUEUED' THEN 1 ELSE 0 END) AS not_begun
              FROM permit p JOIN job_state s ON s.job = p.job
             WHERE p.phase = 2 AND p.capacity = ANY(?) GROUP BY p.capacity
            """;

    private static final String FIRST_RANK = """
            SELECT rank FROM permit WHERE phase = 1 AND capacity = ? ORDER BY phase, capacity, rank LIMIT 1
            """;

    private static final String WAITED_FOR_OF = """
            SELECT id FROM capacity c
             WHERE id = ANY(?) AND EXISTS (SELECT 1 FROM permit WHERE phase = 1 AND capacity = c.id)
            """;

    /** The first submitter's and the last one's; where they are the same, there is no other's turn. */
    private static final String ONLY_HEADS = """
            SELECT id, submitter, job FROM (
                SELECT id,
                       (SELECT submitter FROM permit WHERE phase = 1 AND capacity = r.id AND rank = r.rank
                         ORDER BY phase, capacity, rank, submitter, job LIMIT 1) AS submitter,
                       (SELECT job FROM permit WHERE phase = 1 AND capacity = r.id AND rank = r.rank
                         ORDER BY phase, capacity, rank, submitter, job LIMIT 1) AS job,
                       (SELECT submitter FROM permit WHERE phase = 1 AND capacity = r.id AND rank = r.rank
                         ORDER BY phase DESC, capacity DESC, rank DESC, submitter DESC LIMIT 1) AS last
                  FROM (SELECT id,
                               (SELECT rank FROM permit WHERE phase = 1 AND capacity = c.id
                                 ORDER BY phase, capacity, rank LIMIT 1) AS rank
                          FROM capacity c WHERE id = ANY(?) OFFSET 0) AS r) AS h
             WHERE submitter = last
             ORDER BY id
            """;

    private static final String LAST_SUBMITTER = """
            SELECT submitter FROM permit WHERE phase = 1 AND capacity = ? AND rank = ?
             ORDER BY phase DESC, capacity DESC, rank DESC, submitter DESC LIMIT 1
            """;

    private static final String FROM_SUBMITTER = """
            SELECT submitter, job FROM permit WHERE phase = 1 AND capacity = ? AND rank = ? AND submitter > ?
             ORDER BY phase, capacity, rank, submitter, job LIMIT ?
            """;

    private static final String FROM_JOB = """
            SELECT submitter, job FROM permit WHERE phase = 1 AND capacity = ? AND rank = ? AND submitter = ? AND job > ?
             ORDER BY phase, capacity, rank, submitter, job LIMIT 1
            """;

    private static final String COUNT_WAITING = """
            SELECT COUNT(*) FROM (SELECT 1 FROM permit WHERE phase = 1 AND capacity = ? LIMIT ?) AS counted
            """;

    /** Whether nobody is to look at a capacity before something changes or its time comes: it is paused or full, or has a time. */
    private static final String ATTENDED = """
            (c.id IS NULL OR c.wake_at IS NOT NULL OR COALESCE(h.paused, FALSE)
              OR (CASE WHEN c.channel IS NULL THEN 1 WHEN c.channel = '%s' THEN %d
                       ELSE COALESCE(h.concurrency,
                                     h.per_node * (SELECT GREATEST(1, COUNT(*)) FROM node WHERE NOT signed_off)) END)
                 <= (SELECT COUNT(*) FROM permit held WHERE held.phase = 2 AND held.capacity = c.id)) IS TRUE
            """.formatted(Capacity.BATCH, Needs.MOST_CHILDREN_AT_ONCE);

    /** From one capacity to the next along the index, whatever the number of jobs that wait for each. */
    private static final String WAITED_FOR = """
            WITH RECURSIVE waiting(capacity, n) AS (
                (SELECT capacity, 1 FROM permit WHERE phase = 1 AND capacity >= ? ORDER BY phase, capacity LIMIT 1)
                UNION ALL
                SELECT (SELECT p.capacity FROM permit p WHERE p.phase = 1 AND p.capacity > w.capacity
                         ORDER BY p.phase, p.capacity LIMIT 1), n + 1
                  FROM waiting w WHERE w.capacity IS NOT NULL AND n < ?)
            SELECT w.capacity,
            """ + ATTENDED + """
              FROM waiting w LEFT JOIN capacity c ON c.id = w.capacity LEFT JOIN channel h ON h.name = c.channel
             WHERE w.capacity IS NOT NULL ORDER BY w.n
            """;

    /**
     * The first one along the index, joined with the others only then: H2 would begin with those, and read all that wait. For {@code >}
     * it would read all that wait for the capacity before.
     */
    private static final String NEXT_WAITING = "SELECT next.capacity," + ATTENDED + """
              FROM (SELECT capacity FROM permit WHERE phase = 1 AND capacity >= ? ORDER BY phase, capacity LIMIT 1) AS next
              LEFT JOIN capacity c ON c.id = next.capacity LEFT JOIN channel h ON h.name = c.channel
            """;

    private PermitTable() {}

    /**
     * A row to be added.
     *
     * @param rank 9 - priority; 0 for a lock
     * @param submitter the same in all rows of a lock
     */
    record NewPermit(UUID job, UUID capacity, Phase phase, int rank, String submitter, boolean kept) {}

    /** A job that waits for a capacity, and whose turn it is with it. */
    record Head(String submitter, UUID job) {}

    /**
     * How much of a capacity is taken.
     *
     * @param held how many jobs hold it
     * @param notBegun how many of those are on the wire and have not begun
     */
    record Taken(int held, int notBegun) {
        static final Taken NOTHING = new Taken(0, 0);
    }

    static void insert(Tx tx, List<NewPermit> permits) {
        INSERT.run(tx, permits);
    }

    /** Moves each to its phase. */
    static void move(Tx tx, List<Permit> permits) {
        MOVE.run(tx, permits);
    }

    /** The permits of jobs, by job, each in the order of the capacities. */
    public static Map<UUID, List<Permit>> of(Tx tx, Collection<UUID> jobs) {
        Map<UUID, List<Permit>> permits = new HashMap<>();
        if (!jobs.isEmpty()) {
            tx.queryAll(OF, PermitTable::map, jobs)
                    .forEach(permit -> permits.computeIfAbsent(permit.job(), job -> new ArrayList<>())
                            .add(permit));
        }
        return permits;
    }

    /** What jobs need for their calls, by job, with the limits there; nothing is locked. */
    static Map<UUID, List<Hold>> holds(Tx tx, Collection<UUID> jobs) {
        return tx.queryAll(HOLDS, PermitTable::hold, jobs).stream().collect(Collectors.groupingBy(Hold::job));
    }

    private static Hold hold(ResultSet row) throws SQLException {
        return new Hold(
                row.getObject("job", UUID.class),
                row.getObject("capacity", UUID.class),
                row.getString("channel"),
                row.getBoolean("held"),
                row.getBoolean("paused"),
                row.getBoolean("paced"));
    }

    static void delete(Tx tx, Collection<UUID> jobs) {
        tx.updateAll(DELETE, jobs);
    }

    /** Gives back all but the locks. */
    static void giveBack(Tx tx, Collection<UUID> jobs) {
        tx.updateAll(GIVE_BACK, jobs);
    }

    /** How much of the capacities is taken; what is not included is free. */
    static Map<UUID, Taken> taken(Tx tx, Collection<UUID> capacities) {
        Map<UUID, Taken> taken = new HashMap<>();
        tx.queryAll(
                HELD,
                row -> taken.put(row.getObject(1, UUID.class), new Taken(row.getInt(2), row.getInt(3))),
                capacities);
        return taken;
    }

    /** How many jobs wait for a capacity; counting stops at {@code most}. */
    static int waiting(Tx tx, UUID capacity, int most) {
        return tx.query(COUNT_WAITING, row -> row.getInt(1), capacity, most).get(0);
    }

    static Optional<Integer> firstRank(Tx tx, UUID capacity) {
        return tx.query(FIRST_RANK, row -> row.getInt(1), capacity).stream().findFirst();
    }

    /** Those of these capacities that jobs wait for. */
    static Set<UUID> waitedFor(Tx tx, Collection<UUID> capacities) {
        return capacities.isEmpty()
                ? Set.of()
                : Set.copyOf(tx.queryAll(WAITED_FOR_OF, row -> row.getObject(1, UUID.class), capacities));
    }

    /** Who is first in each of these capacities; only of those where just one submitter's jobs wait at the highest priority there is. */
    static Map<UUID, Head> onlyHeads(Tx tx, Collection<UUID> capacities) {
        Map<UUID, Head> heads = new LinkedHashMap<>();
        tx.queryAll(
                ONLY_HEADS,
                row -> heads.put(
                        row.getObject("id", UUID.class),
                        new Head(row.getString("submitter"), row.getObject("job", UUID.class))),
                capacities);
        return heads;
    }

    static String lastSubmitter(Tx tx, UUID capacity, int rank) {
        return tx.query(LAST_SUBMITTER, row -> row.getString(1), capacity, rank).stream()
                .findFirst()
                .orElse("");
    }

    /** Those who wait after a submitter, in order; after the empty one, all. */
    static List<Head> after(Tx tx, UUID capacity, int rank, String submitter, int limit) {
        return tx.query(FROM_SUBMITTER, PermitTable::head, capacity, rank, submitter, limit);
    }

    /** The next job of a submitter. */
    static Optional<Head> next(Tx tx, UUID capacity, int rank, Head head) {
        return tx.query(FROM_JOB, PermitTable::head, capacity, rank, head.submitter(), head.job()).stream()
                .findFirst();
    }

    /**
     * A slice of the capacities that jobs wait for.
     *
     * @param unattended those that nobody is going to look at by themselves, although there may be room (rule 8)
     * @param next where the next slice begins
     */
    public record Slice(List<UUID> unattended, UUID next) {}

    private record Waited(UUID capacity, boolean attended) {}

    /** Looks through as many of the capacities that jobs wait for as {@code limit} says, from one of them on. */
    public static Slice waitedFor(Tx tx, UUID from, int limit) {
        List<Waited> found = tx.dialect() == Dialect.POSTGRESQL
                ? tx.query(WAITED_FOR, PermitTable::waited, from, limit)
                : oneByOne(tx, from, limit);
        return new Slice(
                found.stream()
                        .filter(waited -> !waited.attended())
                        .map(Waited::capacity)
                        .toList(),
                found.size() < limit
                        ? CapacityTable.BEFORE_ALL
                        : following(found.get(found.size() - 1).capacity()));
    }

    private static List<Waited> oneByOne(Tx tx, UUID from, int limit) {
        List<Waited> found = new ArrayList<>();
        List<Waited> next = tx.query(NEXT_WAITING, PermitTable::waited, from);
        while (!next.isEmpty()) {
            found.addAll(next);
            next = found.size() < limit
                    ? tx.query(
                            NEXT_WAITING,
                            PermitTable::waited,
                            following(next.get(0).capacity()))
                    : List.of();
        }
        return found;
    }

    private static Waited waited(ResultSet row) throws SQLException {
        return new Waited(row.getObject(1, UUID.class), row.getBoolean(2));
    }

    private static UUID following(UUID id) {
        long low = id.getLeastSignificantBits() + 1;
        return new UUID(low == 0 ? id.getMostSignificantBits() + 1 : id.getMostSignificantBits(), low);
    }

    private static Permit map(ResultSet row) throws SQLException {
        return new Permit(
                row.getObject("job", UUID.class),
                row.getObject("capacity", UUID.class),
                Phase.of(row.getInt("phase")),
                row.getBoolean("kept"));
    }

    private static Head head(ResultSet row) throws SQLException {
        return new Head(row.getString(1), row.getObject(2, UUID.class));
    }
}
