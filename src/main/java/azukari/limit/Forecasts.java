package azukari.limit;

import azukari.database.Database;
import azukari.database.Tx;
import azukari.limit.PermitTable.Taken;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tells of jobs that wait for a lock or a channel what for, behind how many, and until when: by the arithmetic of admission. */
@Service
public class Forecasts {
    private static final int MOST = 10_000;

    private static final String WAITS = """
            SELECT p.job, e.code, p.capacity, p.rank, p.submitter FROM permit p JOIN event e ON e.id = p.job
             WHERE p.job = ? AND p.phase = 1
            """;

    private static final String PAUSED = """
            SELECT DISTINCT p.job FROM permit p JOIN capacity c ON c.id = p.capacity JOIN channel h ON h.name = c.channel
             WHERE p.job = ANY(?) AND p.phase + 0 = 1 AND h.paused
            """;

    /** One line; those of several are read together. */
    private static final String BEFORE = """
            (SELECT CAST(? AS integer) AS line,
                    (SELECT COUNT(*) FROM (SELECT 1 FROM permit WHERE phase = 1 AND capacity = ? AND rank < ? LIMIT ?) AS counted)
                    AS higher,
                    (SELECT COUNT(*) FROM (SELECT 1 FROM permit WHERE phase = 1 AND capacity = ? AND rank = ? AND submitter = ?
                                              AND job < ? LIMIT ?) AS counted)
                    AS own)
            """;

    /** One line, as above. */
    private static final String OTHERS = """
            (SELECT CAST(? AS integer) AS line, COUNT(*) AS seen,
                    COALESCE(SUM(CASE WHEN place <= ? THEN 1 ELSE 0 END), 0) AS before_it
               FROM (SELECT ROW_NUMBER() OVER (PARTITION BY submitter ORDER BY job) AS place
                       FROM (SELECT submitter, job FROM permit
                              WHERE phase = 1 AND capacity = ? AND rank = ? AND submitter <> ?
                              ORDER BY phase, capacity, rank, submitter, job LIMIT ?) AS others) AS placed)
            """;

    /**
     * The last jobs of a chain in each capacity's line. The phase is not looked up in its index: while the statistics are older than
     * a backlog, that would seem to have a few rows, and be read for each job of the chain.
     */
    private static final String LAST_OF_CHAIN = """
            SELECT job, code, capacity, rank, submitter
              FROM (SELECT p.job, e.code, p.capacity, p.rank, p.submitter,
                           ROW_NUMBER() OVER (PARTITION BY p.capacity ORDER BY p.rank DESC, p.job DESC) AS place
                      FROM permit p JOIN event e ON e.id = p.job
                     WHERE e.root = ? AND p.phase + 0 = 1) AS waiting
             WHERE place = 1 ORDER BY capacity LIMIT ?
            """;

    /** A chain with more keys than this is told by some of them. */
    private static final int MOST_LINES = 20;

    private final Database database;
    private final HoldTimes times;
    private final Clock clock;

    @Inject
    public Forecasts(Database database, HoldTimes times, Clock clock) {
        this.database = database;
        this.times = times;
        this.clock = clock;
    }

    /** A job and the capacity that it waits for. */
    private record Wait(UUID job, String code, UUID capacity, int rank, String submitter) {}

    /** The jobs before another in its line: of higher priority, its submitter's own, and the others'; counting stops at {@link #MOST}. */
    private record Before(int higher, int own, int othersSeen, int others) {
        boolean exact() {
            return higher <= MOST && own <= MOST && othersSeen <= MOST && higher + own + others <= MOST;
        }

        int ahead() {
            return Math.min(MOST, higher + own + others);
        }
    }

    /** What a job waits for; empty if it waits for neither a lock nor a channel. */
    public Optional<Forecast> of(UUID job) {
        return database.inTransaction(tx -> {
            List<Wait> waits = tx.query(WAITS, Forecasts::map, job);
            return waits.isEmpty() ? Optional.empty() : of(tx, waits).get(0);
        });
    }

    /** Those of these jobs that wait for a channel that is paused. */
    public Set<UUID> paused(Collection<UUID> jobs) {
        return jobs.isEmpty()
                ? Set.of()
                : Set.copyOf(
                        database.inTransaction(tx -> tx.queryAll(PAUSED, row -> row.getObject(1, UUID.class), jobs)));
    }

    /**
     * About when the last of a chain's jobs that wait for a lock or a channel will have ended; empty if none waits, or it can't be
     * told.
     *
     * @param root the chain's first job
     */
    public Optional<Instant> endOf(UUID root) {
        return database.inTransaction(tx -> {
            List<Wait> waits = tx.query(LAST_OF_CHAIN, Forecasts::map, root, MOST_LINES);
            Instant end = null;
            List<Optional<Forecast>> forecasts = of(tx, waits);
            for (int i = 0; i < waits.size(); i++) {
                Instant start = forecasts
                        .get(i)
                        .filter(Forecast::exact)
                        .map(Forecast::expectedStart)
                        .orElse(null);
                if (start == null) {
                    return Optional.empty();
                }
                Instant then = start.plus(times.of(waits.get(i).code()).orElse(Duration.ZERO));
                end = end == null || then.isAfter(end) ? then : end;
            }
            return Optional.ofNullable(end);
        });
    }

    private static Wait map(ResultSet row) throws SQLException {
        return new Wait(
                row.getObject("job", UUID.class),
                row.getString("code"),
                row.getObject("capacity", UUID.class),
                row.getInt("rank"),
                row.getString("submitter"));
    }

    /** A forecast for each, in order; what they need is read for all of them together. */
    private List<Optional<Forecast>> of(Tx tx, List<Wait> waits) {
        if (waits.isEmpty()) {
            return List.of();
        }
        List<UUID> ids = waits.stream().map(Wait::capacity).toList();
        Map<UUID, Capacity> capacities =
                CapacityTable.read(tx, ids).stream().collect(Collectors.toMap(Capacity::id, Function.identity()));
        List<Before> before = before(tx, waits);
        Limits limits = Limits.of(tx, ids);
        Map<UUID, Taken> taken = PermitTable.taken(tx, ids);
        int nodes = ChannelTable.nodes(tx);
        List<Optional<Forecast>> forecasts = new ArrayList<>();
        for (int i = 0; i < waits.size(); i++) {
            Wait wait = waits.get(i);
            Before its = before.get(i);
            forecasts.add(Optional.ofNullable(capacities.get(wait.capacity())).map(capacity -> {
                ChannelRow channel = limits.of(capacity);
                Taken held = taken.getOrDefault(capacity.id(), Taken.NOTHING);
                return of(wait.code(), capacity, channel, held, capacity.most(channel, nodes), its, limits.clock());
            }));
        }
        return forecasts;
    }

    private Forecast of(
            String code, Capacity capacity, ChannelRow limits, Taken taken, int most, Before before, Instant now) {
        Pace pace = capacity.pace(limits, now);
        Duration byRate = Duration.between(
                now, pace.slot(now).plus(pace.interval().multipliedBy((long) taken.notBegun() + before.ahead())));
        Duration until = longer(byRate, byConcurrency(code, most, taken.held() + before.ahead()));
        boolean paused = limits != null && limits.paused();
        return new Forecast(
                capacity.isLock() ? capacity.key() : capacity.channel(),
                paused,
                before.ahead(),
                before.exact(),
                paused || isUnknown(code, capacity, most, taken, before)
                        ? null
                        : clock.instant().plus(until));
    }

    /** Children of a batch without a limit of their own go as fast as the lanes; others' time is not known before one has run. */
    private boolean isUnknown(String code, Capacity capacity, int most, Taken taken, Before before) {
        return capacity.isBatch()
                || (taken.held() + before.ahead() >= most && times.of(code).isEmpty());
    }

    private static List<Before> before(Tx tx, List<Wait> waits) {
        List<Object> parameters = new ArrayList<>();
        for (int i = 0; i < waits.size(); i++) {
            Wait wait = waits.get(i);
            Collections.addAll(parameters, i, wait.capacity(), wait.rank(), MOST + 1);
            Collections.addAll(parameters, wait.capacity(), wait.rank(), wait.submitter(), wait.job(), MOST + 1);
        }
        List<Before> before = tx.query(
                ofEach(BEFORE, waits),
                row -> new Before(row.getInt("higher"), row.getInt("own"), 0, 0),
                parameters.toArray());
        parameters.clear();
        for (int i = 0; i < waits.size(); i++) {
            Wait wait = waits.get(i);
            Collections.addAll(
                    parameters, i, before.get(i).own(), wait.capacity(), wait.rank(), wait.submitter(), MOST + 1);
        }
        return tx.query(
                ofEach(OTHERS, waits),
                row -> {
                    Before known = before.get(row.getInt("line"));
                    return new Before(known.higher(), known.own(), row.getInt("seen"), row.getInt("before_it"));
                },
                parameters.toArray());
    }

    private static String ofEach(String one, List<Wait> waits) {
        return String.join(" UNION ALL ", Collections.nCopies(waits.size(), one)) + " ORDER BY line";
    }

    /** When calls take a steady time and end one after another, one of {@code most} ends each {@code most}th of that time. */
    private Duration byConcurrency(String code, int most, int before) {
        if (before < most) {
            return Duration.ZERO;
        }
        return times.of(code)
                .map(each -> each.multipliedBy((long) before - most + 1).dividedBy(most))
                .orElse(Duration.ZERO);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
