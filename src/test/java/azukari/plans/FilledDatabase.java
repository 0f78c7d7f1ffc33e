package azukari.plans;

import azukari.limit.Need;
import azukari.testing.Postgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Fills a migrated PostgreSQL database with jobs as in a busy installation: nine in ten have ended, the newest are
 * waiting or queued, and some are running on a node that no longer exists. A tenth as many wait for a channel, and of these every
 * tenth for the share of a key of its own.
 */
final class FilledDatabase {
    static final String COMMON_CODE = "START_EC2";
    static final String RARE_CODE = "RARE";
    static final String BUSY_SUBMITTER = "anonymous";
    static final String SMALL_SUBMITTER = "shop-7";

    /** The id of job {@code n}, ordered by time as the product's are. */
    private static final String IDS = """
            CREATE FUNCTION job_id(n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$
              SELECT (lpad(to_hex(1780000000000 + n * 10), 12, '0') || '7' || substr(md5(n::text), 1, 3)
                      || '8' || substr(md5(n::text), 4, 15))::uuid
            $$
            """;

    private static final String STATES = """
            CREATE TEMPORARY TABLE filled AS
            SELECT n, CASE WHEN n > :jobs * 0.9 THEN CASE WHEN n % 5 IN (1, 4) THEN 'WAITING' ELSE 'QUEUED' END
                           WHEN n > :jobs * 0.9 - 16 THEN 'RUNNING'
                           WHEN n % 100 < 95 THEN 'SUCCEEDED'
                           WHEN n % 100 < 99 THEN 'FAILED'
                           WHEN n % 200 < 100 THEN 'CANCELLED'
                           ELSE 'UNCERTAIN' END AS state
              FROM generate_series(1::bigint, :jobs) n
            """;

    /** Every fifth is an alarm that the job before it emitted. */
    private static final String JOBS = """
            INSERT INTO event (id, code, request_id, fingerprint, submitter, priority, max_attempts, body, body_size, parent,
                             parent_generation, parent_ordinal, root, created_at, not_before)
            SELECT job_id(n),
                   CASE WHEN n % 5 = 0 THEN 'CREATE_ALARM' WHEN n % 10007 = 1 THEN 'RARE' WHEN n % 5 = 1 THEN 'NOOP'
                        ELSE 'START_EC2' END,
                   CASE WHEN n % 5 IN (1, 2) THEN 'request-' || n END,
                   CASE WHEN n % 5 IN (1, 2) THEN md5(n::text) || md5((n + 1)::text) END,
                   CASE WHEN n % 2 = 0 THEN 'anonymous' ELSE 'shop-' || (n * 7919) % 1009 END,
                   4, 5,
                   '{"instanceId":"i-' || n || '","seconds":600,"note":"' || repeat('x', 240) || '"}',
                   290,
                   CASE WHEN n % 5 = 0 THEN job_id(n - 1) END,
                   CASE WHEN n % 5 = 0 THEN 0 END,
                   CASE WHEN n % 5 = 0 THEN 0 END,
                   CASE WHEN n % 5 = 0 THEN job_id(n - 1) ELSE job_id(n) END,
                   now() - (:jobs - n) * interval '10 ms',
                   CASE WHEN state = 'WAITING' THEN now() + (n % 100000 - 50) * interval '20 s' END
              FROM filled
            """;

    private static final String JOB_STATES = """
            INSERT INTO job_state (job, lane, first, state, waiting_for, due_at, queued_at, expires_at, fence, run, attempt,
                                   owner, node, started_at, finished_at, result_size, error_kind, error_message)
            SELECT job_id(n),
                   CASE WHEN n % 5 = 0 THEN 'notify' ELSE 'long' END,
                   n % 5 <> 0,
                   state,
                   CASE WHEN state = 'WAITING' THEN 'TIME' END,
                   CASE WHEN state = 'WAITING' THEN now() + (n % 100000 - 50) * interval '20 s' END,
                   CASE WHEN state = 'QUEUED' THEN now() - (:jobs - n) * interval '10 ms' END,
                   now() + interval '7 days',
                   CASE state WHEN 'WAITING' THEN 0 WHEN 'QUEUED' THEN 1 ELSE 2 END,
                   CASE WHEN state IN ('WAITING', 'QUEUED') THEN 0 ELSE 1 END,
                   CASE WHEN state IN ('WAITING', 'QUEUED') THEN 0 ELSE 1 END,
                   CASE WHEN state = 'RUNNING' THEN '00000000-0000-7000-8000-000000000001'::uuid END,
                   CASE WHEN state = 'RUNNING' THEN 'gone' WHEN state NOT IN ('WAITING', 'QUEUED') THEN 'node' END,
                   CASE WHEN state NOT IN ('WAITING', 'QUEUED') THEN now() - (:jobs - n) * interval '10 ms' END,
                   CASE WHEN state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'UNCERTAIN')
                        THEN now() - (:jobs - n) * interval '10 ms' END,
                   CASE WHEN state = 'SUCCEEDED' THEN 16 END,
                   CASE WHEN state IN ('FAILED', 'UNCERTAIN') THEN 'HANDLER' END,
                   CASE WHEN state IN ('FAILED', 'UNCERTAIN') THEN 'the instance could not be started' END
              FROM filled
            """;

    private static final String RESULTS = """
            INSERT INTO job_result (job, result) SELECT job, '{"started":true}' FROM job_state WHERE state = 'SUCCEEDED'
            """;

    private static final String RUNS = """
            INSERT INTO run (job, number, attempt, counts, node, started_at, ended_at, outcome, error_kind, error_message)
            SELECT job, 1, 1, TRUE, 'node', started_at, finished_at, state, error_kind, error_message
              FROM job_state WHERE finished_at IS NOT NULL AND state <> 'SUCCEEDED'
            """;

    private static final String NOTIFICATIONS = """
            INSERT INTO notification (id, place, teller, generation, ordinal, job, code, submitter, outcome, created_at)
            SELECT id, row_number() OVER (ORDER BY id), id, 0, 0, event.parent, 'START_EC2', submitter, 'SUCCEEDED', created_at
              FROM event JOIN job_state ON job_state.job = event.id WHERE code = 'CREATE_ALARM' AND state = 'SUCCEEDED'
            """;

    private static final String FEED = """
            UPDATE feed SET last_place = (SELECT max(place) FROM notification) WHERE name = 'notification'
            """;

    /** What a broker outage left behind: the last of the queued jobs were never sent. */
    private static final String OUTBOX = """
            INSERT INTO outbox (id, job, fence, created_at)
            SELECT job, job, fence, now() - interval '1 min' FROM job_state WHERE state = 'QUEUED' ORDER BY job DESC LIMIT 1000
            """;

    private static final String NODE = """
            INSERT INTO node (name, instance, incarnation, beat, signed_off)
            VALUES ('gone', '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 7, FALSE)
            """;

    private static final String LIMITED = """
            INSERT INTO event (id, code, submitter, priority, max_attempts, body, body_size, root, created_at)
            SELECT job_id(:jobs + n), CASE WHEN n % 10 = 0 THEN 'SHOP' ELSE 'SLOW' END, 'shop-' || n % 50, 4, 5,
                   '{"key":"' || n || '","number":1}', 24, job_id(:jobs + n), now()
              FROM generate_series(1::bigint, :limited) n
            """;

    private static final String LIMITED_STATES = """
            INSERT INTO job_state (job, lane, first, state, waiting_for, limited, expires_at, fence, run, attempt)
            SELECT job_id(:jobs + n), 'outside', TRUE, 'WAITING', 'CHANNEL', TRUE, now() + interval '7 days', 0, 0, 0
              FROM generate_series(1::bigint, :limited) n
            """;

    private static final String CAPACITY = """
            INSERT INTO capacity (id, channel, key_value, touched_at) VALUES (?, ?, ?, now())
            """;

    private static final String PERMITS = """
            INSERT INTO permit (job, capacity, phase, rank, submitter, kept)
            SELECT e.id, c.id, 1, 5, e.submitter, FALSE
              FROM event e JOIN capacity c ON (e.code = 'SLOW' AND c.channel = 'slow')
                                           OR (e.code = 'SHOP' AND c.channel = 'shop' AND c.key_value = e.body::json ->> 'key')
             WHERE e.code IN ('SLOW', 'SHOP')
            """;

    private FilledDatabase() {}

    static void fill(Postgres.Database database, long jobs) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET auto_explain.log_min_duration = -1");
            for (String sql : List.of(
                    IDS,
                    STATES.replace(":jobs", Long.toString(jobs)),
                    JOBS.replace(":jobs", Long.toString(jobs)),
                    JOB_STATES.replace(":jobs", Long.toString(jobs)),
                    RESULTS,
                    RUNS,
                    NOTIFICATIONS,
                    FEED,
                    OUTBOX,
                    NODE,
                    LIMITED.replace(":jobs", Long.toString(jobs)).replace(":limited", Long.toString(limited(jobs))),
                    LIMITED_STATES
                            .replace(":jobs", Long.toString(jobs))
                            .replace(":limited", Long.toString(limited(jobs))))) {
                statement.execute(sql);
            }
            addCapacities(connection, limited(jobs));
            for (String sql : List.of(PERMITS, "ANALYZE", "CHECKPOINT")) {
                statement.execute(sql);
            }
        }
    }

    /** How many jobs wait for a channel. */
    static long limited(long jobs) {
        return jobs / 10;
    }

    private static void addCapacities(Connection connection, long limited) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(CAPACITY)) {
            add(insert, Need.channel("slow"));
            for (long n = 10; n <= limited; n += 10) {
                add(insert, Need.share("shop", Long.toString(n)));
            }
            insert.executeBatch();
        }
    }

    private static void add(PreparedStatement insert, Need need) throws SQLException {
        insert.setObject(1, need.capacity());
        insert.setString(2, need.channel());
        insert.setString(3, need.key());
        insert.addBatch();
    }
}
