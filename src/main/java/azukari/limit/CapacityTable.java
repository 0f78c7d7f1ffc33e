package azukari.limit;

import azukari.database.Dialect;
import azukari.database.GroupStatement;
import azukari.database.Tx;
import azukari.database.Tx.RowMapper;
import azukari.platform.SystemClock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The statements on the capacities. */
public final class CapacityTable {
    /** Rows that were not needed for {@link #IDLE} are deleted, so whoever needs one that is nearly so old touches it first. */
    private static final Duration FRESH = Duration.ofMinutes(5);

    /** Less than any id. */
    public static final UUID BEFORE_ALL = new UUID(0, 0);

    private static final Duration IDLE = Duration.ofMinutes(10);

    private static final String COLUMNS =
            "id, channel, key_value, next_slot, ahead_micros, closed_until, learned_micros, learned_at,"
                    + " counted_since, calls, calls_before, turn, wake_at";

    private static final String FRESH_OF = """
            SELECT id FROM capacity WHERE id = ANY(?) AND touched_at > ?
            """;

    private static final GroupStatement<New> INSERT = GroupStatement.insert(
                    """
                    INSERT INTO capacity (id, channel, key_value, touched_at) VALUES (:id, :channel, :key, :now)
                    ON CONFLICT DO NOTHING
                    """, Comparator.comparing((New row) -> row.need().capacity()))
            .id("id", row -> row.need().capacity())
            .text("channel", row -> row.need().channel())
            .text("key", row -> row.need().key())
            .time("now", New::now)
            .build();

    private static final GroupStatement<New> TOUCH = GroupStatement.update(
                    """
                    UPDATE capacity SET touched_at = :now
                     :group
                     WHERE id = :id
                    """, Comparator.comparing((New row) -> row.need().capacity()))
            .id("id", row -> row.need().capacity())
            .time("now", New::now)
            .build();

    private static final String READ = "SELECT " + COLUMNS + " FROM capacity WHERE id = ANY(?) ORDER BY id";

    private static final String LOCK = "SELECT " + COLUMNS + " FROM capacity WHERE id = ANY(?) ORDER BY id FOR UPDATE";

    private static final String LOCK_WAKING = """
            SELECT id FROM capacity WHERE wake_at <= ? ORDER BY wake_at LIMIT ? FOR UPDATE SKIP LOCKED
            """;

    /** In a subquery, the time is read once, and an index can be used. */
    private static final String LOCK_WAKING_BY_POSTGRESQL =
            LOCK_WAKING.replaceFirst("[?]", "(SELECT clock_timestamp())");

    private static final String NEXT_WAKE = """
            SELECT wake_at, %s AS now FROM capacity WHERE wake_at >= TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'
             ORDER BY wake_at LIMIT 1
            """;

    private static final GroupStatement<Looked> LOOKED = GroupStatement.update("""
                    UPDATE capacity SET turn = :turn, wake_at = :wake_at, next_slot = :next_slot, touched_at = :now
                     :group
                     WHERE id = :id
                    """, Comparator.comparing(Looked::id))
            .id("id", Looked::id)
            .text("turn", Looked::turn)
            .time("wake_at", Looked::wakeAt)
            .time("next_slot", Looked::nextSlot)
            .time("now", Looked::now)
            .build();

    private static final GroupStatement<Given> GIVEN = GroupStatement.update("""
                    UPDATE capacity SET next_slot = :next_slot, ahead_micros = :ahead,
                           counted_since = :counted_since, calls = :calls, calls_before = :calls_before
                     :group
                     WHERE id = :id
                    """, Comparator.comparing(Given::id))
            .id("id", Given::id)
            .time("next_slot", given -> given.pace().nextSlot())
            .number("ahead", given -> given.pace().ahead().toNanos() / 1000)
            .time("counted_since", given -> given.usage().since())
            .number("calls", given -> given.usage().calls())
            .number("calls_before", given -> given.usage().before())
            .build();

    private static final String FORGET = """
            UPDATE capacity SET closed_until = NULL, learned_micros = NULL, learned_at = NULL WHERE id = ANY(?)
            """;

    private static final String SLOW_DOWN = """
            UPDATE capacity SET closed_until = ?, learned_micros = ?, learned_at = ? WHERE id = ?
            """;

    private static final String REOPEN = """
            UPDATE capacity SET closed_until = NULL, learned_micros = NULL, learned_at = NULL
             WHERE id IN (SELECT id FROM capacity
                           WHERE channel = ? AND closed_until IS NOT NULL
                           ORDER BY id FOR UPDATE)
            """;

    private static final String CLOSED_KEYS = """
            SELECT key_value, closed_until FROM capacity WHERE channel = ? AND key_value IS NOT NULL AND closed_until > ?
             ORDER BY closed_until DESC, key_value LIMIT ?
            """;

    private static final String OF_CHANNEL = """
            SELECT id FROM capacity WHERE channel = ? AND id > ? AND EXISTS
                   (SELECT 1 FROM permit WHERE phase = 1 AND capacity = capacity.id) ORDER BY id LIMIT ?
            """;

    private static final String USAGES = """
            SELECT counted_since, calls, calls_before FROM capacity WHERE channel = ? AND counted_since > ? LIMIT ?
            """;

    private static final String SLICE = """
            SELECT id, touched_at, wake_at FROM capacity WHERE id > ? ORDER BY id LIMIT ?
            """;

    private static final String DELETE_IDLE = """
            DELETE FROM capacity WHERE id IN
                   (SELECT id FROM capacity WHERE id = ANY(?) AND touched_at < ? AND wake_at IS NULL
                       AND (next_slot IS NULL OR next_slot < ?) AND (closed_until IS NULL OR closed_until < ?)
                       AND (learned_at IS NULL OR learned_at < ?)
                     ORDER BY id FOR UPDATE SKIP LOCKED)
               AND NOT EXISTS (SELECT 1 FROM permit WHERE permit.phase IN (0, 1, 2) AND permit.capacity = capacity.id)
            """;

    private CapacityTable() {}

    private record New(Need need, Instant now) {}

    /** What a look for room leaves behind. */
    record Looked(UUID id, String turn, Instant wakeAt, Instant nextSlot, Instant now) {}

    /** What giving slots away leaves behind. */
    record Given(UUID id, Pace pace, Usage usage) {}

    /** The time by which slots are given: the same for all nodes. An embedded database has one node. */
    public static Instant clock(Tx tx) {
        return tx.dialect() == Dialect.POSTGRESQL
                ? tx.query("SELECT clock_timestamp() AS now", row -> Tx.instant(row, "now"))
                        .get(0)
                : SystemClock.utc().instant().truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * Makes sure that there are rows for needs, and that they stay while this transaction lasts.
     *
     * @return how many were added or touched, and so are locked
     */
    public static int ensure(Tx tx, Collection<Need> needs, Instant now) {
        Map<UUID, Need> wanted =
                needs.stream().collect(Collectors.toMap(Need::capacity, Function.identity(), (one, same) -> one));
        if (wanted.isEmpty()) {
            return 0;
        }
        Set<UUID> fresh = Set.copyOf(
                tx.queryAll(FRESH_OF, row -> row.getObject(1, UUID.class), wanted.keySet(), now.minus(FRESH)));
        List<New> others = wanted.values().stream()
                .filter(need -> !fresh.contains(need.capacity()))
                .map(need -> new New(need, now))
                .toList();
        List<New> stale = without(others, INSERT.run(tx, others));
        List<New> deleted = without(stale, TOUCH.run(tx, stale)); // Between the two statements.
        INSERT.run(tx, deleted);
        return others.size();
    }

    /** Those with which nothing was done. */
    private static List<New> without(List<New> all, boolean[] done) {
        return IntStream.range(0, done.length)
                .filter(i -> !done[i])
                .mapToObj(all::get)
                .toList();
    }

    /** Reads capacities without locking them. */
    static List<Capacity> read(Tx tx, Collection<UUID> ids) {
        return ids.isEmpty() ? List.of() : tx.queryAll(READ, CapacityTable::map, ids);
    }

    /** Locks capacities, in the order of their ids. */
    static List<Capacity> lock(Tx tx, Collection<UUID> ids) {
        return ids.isEmpty() ? List.of() : tx.queryAll(LOCK, CapacityTable::map, ids);
    }

    /** Locks those whose time to look again has come, skipping locked ones. */
    public static List<UUID> lockWaking(Tx tx, int limit) {
        RowMapper<UUID> id = row -> row.getObject(1, UUID.class);
        return tx.dialect() == Dialect.POSTGRESQL
                ? tx.query(LOCK_WAKING_BY_POSTGRESQL, id, limit)
                : tx.query(LOCK_WAKING, id, clock(tx), limit);
    }

    /** How long it is until the next one is to be looked at, negative if it is overdue; empty if none is. */
    public static Optional<Duration> untilNextWake(Tx tx) {
        RowMapper<Duration> until = row -> Duration.between(Tx.instant(row, "now"), Tx.instant(row, "wake_at"));
        List<Duration> next = tx.dialect() == Dialect.POSTGRESQL
                ? tx.query(NEXT_WAKE.formatted("clock_timestamp()"), until)
                : tx.query(NEXT_WAKE.formatted("CAST(? AS timestamp with time zone)"), until, clock(tx));
        return next.stream().findFirst();
    }

    static void looked(Tx tx, List<Looked> all) {
        LOOKED.run(tx, all);
    }

    /** Stores when locked capacities' next calls may begin, and how far ahead of that jobs are put on the wire. */
    static void give(Tx tx, List<Given> all) {
        GIVEN.run(tx, all);
    }

    /** Forgets what the outside asked for in a channel, and in its keys: whoever operates the channel knows better. */
    public static void reopen(Tx tx, String channel) {
        tx.update(REOPEN, channel);
    }

    /** The keys of a channel that are closed at a time, the longest first. */
    static List<ClosedKey> closedKeys(Tx tx, String channel, Instant now, int limit) {
        return tx.query(
                CLOSED_KEYS,
                row -> new ClosedKey(row.getString("key_value"), Tx.instant(row, "closed_until")),
                channel,
                now,
                limit);
    }

    /** Forgets, of locked capacities, what the outside once asked for. */
    static void forget(Tx tx, Collection<UUID> ids) {
        if (!ids.isEmpty()) {
            tx.updateAll(FORGET, ids);
        }
    }

    static void slowDown(Tx tx, UUID id, Instant closedUntil, Duration learned, Instant now) {
        tx.update(
                SLOW_DOWN,
                closedUntil,
                learned == null ? null : learned.toNanos() / 1000,
                learned == null ? null : now,
                id);
    }

    /** The capacities of a channel that jobs wait for, in the order of their ids, after one of them. */
    public static List<UUID> waitingOf(Tx tx, String channel, UUID after, int limit) {
        return tx.query(OF_CHANNEL, row -> row.getObject(1, UUID.class), channel, after, limit);
    }

    /**
     * Deletes what nobody has needed for ten minutes and what says nothing about calls to come, among as many rows as {@code limit} says. There is no index on when a row was
     * last needed: with it, each look at a capacity would be more expensive.
     *
     * @param after the last row of the slice before; {@link #BEFORE_ALL} for the first slice
     * @return the last row of this slice, {@link #BEFORE_ALL} after the last one
     */
    public static UUID deleteIdle(Tx tx, Instant now, UUID after, int limit) {
        record Row(UUID id, boolean idle) {}
        Instant idle = now.minus(IDLE);
        List<Row> slice = tx.query(
                SLICE,
                row -> new Row(
                        row.getObject("id", UUID.class),
                        row.getObject("wake_at") == null
                                && Tx.instant(row, "touched_at").isBefore(idle)),
                after,
                limit);
        List<UUID> found = slice.stream().filter(Row::idle).map(Row::id).toList();
        if (!found.isEmpty()) {
            tx.updateAll(DELETE_IDLE, found, idle, idle, idle, idle);
        }
        return slice.size() < limit ? BEFORE_ALL : slice.get(slice.size() - 1).id();
    }

    /** How often calls have lately begun in a channel, its keys' together. */
    static double perSecond(Tx tx, String channel, Instant now, int limit) {
        return tx.query(USAGES, CapacityTable::usage, channel, now.minus(Usage.WINDOW.multipliedBy(2)), limit).stream()
                .mapToDouble(usage -> usage.perSecond(now))
                .sum();
    }

    private static Usage usage(ResultSet row) throws SQLException {
        return new Usage(Tx.instant(row, "counted_since"), row.getInt("calls"), row.getInt("calls_before"));
    }

    private static Capacity map(ResultSet row) throws SQLException {
        Long learned = row.getObject("learned_micros", Long.class);
        Long ahead = row.getObject("ahead_micros", Long.class);
        return new Capacity(
                row.getObject("id", UUID.class),
                row.getString("channel"),
                row.getString("key_value"),
                Tx.instant(row, "next_slot"),
                ahead == null ? null : Duration.of(ahead, ChronoUnit.MICROS),
                Tx.instant(row, "closed_until"),
                learned == null ? null : Duration.of(learned, ChronoUnit.MICROS),
                Tx.instant(row, "learned_at"),
                usage(row),
                row.getString("turn"),
                Tx.instant(row, "wake_at"));
    }
}
