package azukari.plans;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.database.Database;
import azukari.database.Schema;
import azukari.database.Tx;
import azukari.job.Ending;
import azukari.job.ErrorKind;
import azukari.job.ExitTable;
import azukari.job.ExitTable.Exit;
import azukari.job.JobError;
import azukari.job.JobFilter;
import azukari.job.JobOrder;
import azukari.job.JobRetention;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.JobTable.Claim;
import azukari.job.JobTable.RunProgress;
import azukari.job.NewJob;
import azukari.job.RunRef;
import azukari.job.Standing;
import azukari.platform.Ids;
import azukari.platform.SystemClock;
import azukari.testing.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * PostgreSQL's statistics on the tables may date from a quiet hour, when nothing was queued, or from the first minute,
 * when there was nothing at all; the plan that a connection has kept is even older. A backlog that has arrived since is
 * still not read.
 */
class StaleStatisticsTest {
    private static final int BACKLOG = 20_000;
    private static final int GROUP = 8;
    /** More often than it takes for a connection to keep its plans. */
    private static final int ROUNDS = 12;

    private static final long MOST_WASTED = 200;

    private static final String ENDED = """
            INSERT INTO event (id, code, submitter, priority, max_attempts, body, body_size, root, created_at)
            SELECT ids.id, 'NOOP', 'tester', 4, 3, '{}', 2, ids.id, now()
              FROM (SELECT ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid AS id
                      FROM generate_series(1, %d) n) ids
            """;

    private static final String ENDED_STATES = """
            INSERT INTO job_state (job, lane, first, state, expires_at, fence, run, attempt, node, started_at, finished_at)
            SELECT id, 'default', TRUE, 'SUCCEEDED', now(), 2, 1, 1, 'n', now(), now() FROM event
            """;

    private final Instant now = SystemClock.utc().instant();
    private final UUID me = Ids.next();

    /** @param ended how many jobs there were, all of them ended, when the statistics were gathered */
    @ParameterizedTest
    @CsvSource({"0", "1", "20", "50000"})
    void a_backlog_that_arrived_since_is_not_read(int ended) throws Exception {
        try (Postgres postgres = Postgres.create(Stream.concat(Stream.of(PlanLog.SETTINGS), Stream.of("autovacuum=off"))
                .toArray(String[]::new))) {
            Postgres.Database made = postgres.createDatabase();
            PGConnectionPoolDataSource source = new PGConnectionPoolDataSource();
            source.setUrl(made.url());
            source.setUser(made.user());
            source.setPassword(made.password());
            JdbcConnectionPool pool = JdbcConnectionPool.create(source);
            pool.setMaxConnections(2);
            Schema.migrate(pool);
            unlogged(made, ENDED.formatted(ended), ENDED_STATES, "VACUUM ANALYZE");
            try (Database database = new Database(pool)) {
                database.inTransaction(tx -> tx.update(
                        "INSERT INTO node (name, instance, incarnation, beat, signed_off) VALUES ('n', ?, ?, 0, FALSE)",
                        me,
                        me));
                rounds(database);
                database.inTransaction(this::addBacklog);
                PlanLog log = new PlanLog(postgres);
                rounds(database);
                assertThat(log.worst().values())
                        .filteredOn(plan -> plan.scansWhole() || plan.wasted() > MOST_WASTED)
                        .isEmpty();
            } finally {
                pool.dispose();
            }
        }
    }

    private void rounds(Database database) {
        for (int i = 0; i < ROUNDS; i++) {
            database.inTransaction(this::oneOfEach);
            lists(database);
        }
    }

    /** For each criterion, a page along its index, and the page after it. */
    private static void lists(Database database) {
        UUID nobody = Ids.next();
        for (UUID after : Arrays.asList(null, Ids.next())) {
            List.of(
                            new JobFilter(null, null, null, null, null, null, after),
                            new JobFilter(JobState.QUEUED, null, null, null, null, null, after),
                            new JobFilter(JobState.SUCCEEDED, null, null, null, null, null, after),
                            new JobFilter(JobState.FAILED, null, null, null, null, null, after),
                            new JobFilter(null, "NOOP", null, null, null, null, after),
                            new JobFilter(null, null, nobody, null, null, null, after),
                            new JobFilter(null, null, null, nobody, null, null, after),
                            new JobFilter(null, null, null, null, "nothing", null, after),
                            new JobFilter(null, null, null, null, null, "tester", after))
                    .forEach(filter -> database.readInOrder(em -> filter.page(em, 50)));
        }
    }

    private Void oneOfEach(Tx tx) {
        List<NewJob> jobs = insert(tx, GROUP, null);
        List<UUID> ids = jobs.stream().map(job -> job.order().id()).toList();
        List<Claim> claims =
                ids.stream().map(id -> new Claim(id, 1, me, "n", now)).toList();
        assertThat(JobTable.claim(tx, claims)).doesNotContain(false);
        JobTable.claim(tx, claims);
        assertThat(JobTable.lost(tx, claims)).hasSize(GROUP);
        JobTable.progress(
                tx, ids.stream().map(id -> new RunProgress(id, 2, 50, null)).toList());
        assertThat(leave(tx, ids, 2, Ending.retry(now, false, new JobError(ErrorKind.HANDLER, "busy"))))
                .doesNotContain(false);
        assertThat(JobTable.queue(tx, Standing.read(tx, ids), now)).doesNotContain(false);
        claims = ids.stream().map(id -> new Claim(id, 3, me, "n", now)).toList();
        assertThat(JobTable.claim(tx, claims)).doesNotContain(false);
        assertThat(leave(tx, ids, 4, Ending.succeeded("{}"))).doesNotContain(false);
        JobTable.payloads(tx, ids, 1_000);
        JobTable.lockDue(tx, now, 200);
        JobTable.nextDue(tx);
        JobTable.lockExpired(tx, now, 200);
        JobTable.orphans(tx, 200);
        JobTable.runningOf(tx, me, 200);
        JobTable.lastQueued(tx);
        JobTable.queuedBetween(tx, new UUID(0, 0), ids.get(0), 50);
        Instant longAgo = now.minus(Duration.ofDays(30));
        JobRetention.lockEndedChains(tx, longAgo, 200);
        JobRetention.ofChain(tx, ids.get(0), 200);
        JobRetention.delete(tx, ids, longAgo);
        return null;
    }

    private boolean[] leave(Tx tx, List<UUID> jobs, long fence, Ending ending) {
        int run = (int) fence / 2;
        return ExitTable.leave(
                tx,
                jobs.stream()
                        .map(id -> new Exit(
                                id,
                                JobState.RUNNING,
                                fence,
                                new RunRef(id, fence, me, "n", run, run, now),
                                ending,
                                null,
                                now))
                        .toList());
    }

    /** Half of it is queued, half of it is waiting for a time in the future. */
    private Void addBacklog(Tx tx) {
        for (int i = 0; i < BACKLOG / 500; i++) {
            insert(tx, 500, i % 2 == 0 ? null : now.plus(Duration.ofDays(1)));
        }
        return null;
    }

    private List<NewJob> insert(Tx tx, int count, Instant notBefore) {
        List<NewJob> jobs = Stream.generate(() -> new NewJob(order(notBefore), now))
                .limit(count)
                .toList();
        assertThat(JobTable.insertIfAbsent(tx, jobs)).doesNotContain(false);
        return jobs;
    }

    private static JobOrder order(Instant notBefore) {
        return JobOrder.builder()
                .id(Ids.next())
                .code("NOOP")
                .submitter("tester")
                .priority(4)
                .body("{}")
                .lane("default")
                .maxAttempts(3)
                .notBefore(notBefore)
                .expireAfter(Duration.ofDays(7))
                .build();
    }

    private static void unlogged(Postgres.Database database, String... statements) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET auto_explain.log_min_duration = -1");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
