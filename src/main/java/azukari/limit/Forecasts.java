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
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Tells of jobs that wait for a lock or a channel what for, behind how many, and until when: by the arithmetic of admission. */
@Service
public class Forecasts {
    private static final int MOST = 10_000;

    private static final String WAITS = """
            SELECT capacity, rank, submitter FROM permit WHERE job = ? AND phase = 1
            """;

    private static final String HIGHER = """
            SELECT COUNT(*) FROM (SELECT 1 FROM permit WHERE phase = 1 AND capacity = ? AND rank < ? LIMIT ?) AS counted
            """;

    private static final String OWN = """
            SELECT COUNT(*) FROM (SELECT 1 FROM permit WHERE phase = 1 AND capacity = ? AND rank = ? AND submitter = ?
                                     AND job < ? LIMIT ?) AS counted
            """;

    private static final String OTHERS = """
            SELECT COUNT(*) AS seen, COALESCE(SUM(CASE WHEN place <= ? THEN 1 ELSE 0 END), 0) AS before_it
              FROM (SELECT ROW_NUMBER() OVER (PARTITION BY submitter ORDER BY job) AS place
                      FROM (SELECT submitter, job FROM permit
                             WHERE phase = 1 AND capacity = ? AND rank = ? AND submitter <> ?
                             ORDER BY phase, capacity, rank, submitter, job LIMIT ?) AS others) AS placed
            """;

    /** The last jobs of a chain in each capacity's line. */
    private static final String LAST_OF_CHAIN = """
            SELECT job, code, capacity, rank, submitter
              FROM (SELECT p.job, e.code, p.capacity, p.rank, p.submitter,
                           ROW_NUMBER() OVER (PARTITION BY p.capacity ORDER BY p.rank DESC, p.job DESC) AS place
                      FROM permit p JOIN event e ON e.id = p.job
                     WHERE e.root = ? AND p.phase = 1) AS waiting
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

    private record Wait(UUID capacity, int rank, String submitter) {}

    private record Others(int seen, int before) {}

    /** What a job waits for; empty if it waits for neither a lock nor a channel. */
    public Optional<Forecast> of(UUID job, String code) {
        return database.inTransaction(
                tx -> tx
                        .query(
                                WAITS,
                                row -> new Wait(row.getObject(1, UUID.class), row.getInt(2), row.getString(3)),
                                job)
                        .stream()
                        .findFirst()
                        .flatMap(wait -> of(tx, job, code, wait)));
    }

    private record Last(UUID job, String code, Wait its) {}

    /**
     * About when the last of a chain's jobs that wait for a lock or a channel will have ended; empty if none waits, or it can't be
     * told.
     *
     * @param root the chain's first job
     */
    public Optional<Instant> endOf(UUID root) {
        return database.inTransaction(tx -> {
            Instant end = null;
            for (Last last : tx.query(LAST_OF_CHAIN, Forecasts::last, root, MOST_LINES)) {
                Instant start = of(tx, last.job(), last.code(), last.its())
                        .filter(Forecast::exact)
                        .map(Forecast::expectedStart)
                        .orElse(null);
                if (start == null) {
                    return Optional.empty();
                }
                Instant then = start.plus(times.of(last.code()).orElse(Duration.ZERO));
                end = end == null || then.isAfter(end) ? then : end;
            }
            return Optional.ofNullable(end);
        });
    }

    private static Last last(ResultSet row) throws SQLException {
        return new Last(
                row.getObject("job", UUID.class),
                row.getString("code"),
                new Wait(row.getObject("capacity", UUID.class), row.getInt("rank"), row.getString("submitter")));
    }

    private Optional<Forecast> of(Tx tx, UUID job, String code, Wait wait) {
        List<UUID> id = List.of(wait.capacity());
        Optional<Capacity> found = CapacityTable.read(tx, id).stream().findFirst();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Capacity capacity = found.get();
        int higher = count(tx, HIGHER, wait.capacity(), wait.rank(), MOST + 1);
        int own = count(tx, OWN, wait.capacity(), wait.rank(), wait.submitter(), job, MOST + 1);
        Others others = tx.query(
                        OTHERS,
                        row -> new Others(row.getInt(1), row.getInt(2)),
                        own,
                        wait.capacity(),
                        wait.rank(),
                        wait.submitter(),
                        MOST + 1)
                .get(0);
        boolean exact =
                higher <= MOST && own <= MOST && others.seen() <= MOST && higher + own + others.before() <= MOST;
        int ahead = Math.min(MOST, higher + own + others.before());
        ChannelRow limits = capacity.isLock() ? null : ChannelTable.of(tx, id).get(capacity.channel());
        boolean paused = limits != null && limits.paused();
        Taken taken = PermitTable.taken(tx, id).getOrDefault(capacity.id(), Taken.NOTHING);
        int most = capacity.most(limits, limits == null ? 1 : ChannelTable.nodes(tx));
        Instant now = CapacityTable.clock(tx);
        Duration byRate = Duration.between(
                now,
                capacity.pace(limits, now)
                        .slot(now)
                        .plus(capacity.pace(limits, now).interval().multipliedBy((long) taken.notBegun() + ahead)));
        Duration until = longer(byRate, byConcurrency(code, most, taken.held() + ahead));
        return Optional.of(new Forecast(
                capacity.isLock() ? capacity.key() : capacity.channel(),
                paused,
                ahead,
                exact,
                paused ? null : clock.instant().plus(until)));
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

    private static int count(Tx tx, String sql, Object... parameters) {
        return tx.query(sql, row -> row.getInt(1), parameters).get(0);
    }
}
