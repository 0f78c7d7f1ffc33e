package azukari.bench.server;

import azukari.platform.Ids;
import azukari.platform.Json;
import azukari.platform.SystemClock;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import tools.jackson.databind.JsonNode;

/** The product's rows by plain JDBC, from the product's own pool, a transaction for each call. */
@ApplicationScoped
public class PlainRows {
    private static final String SUBMITTER = "bench-yardstick";
    /** Dated ahead, so that the product's sweeper leaves them alone. */
    private static final Duration AHEAD = Duration.ofDays(1);

    private static final String INSERT_JOB = """
            INSERT INTO event (id, code, request_id, fingerprint, submitter, priority, max_attempts, body, body_size, root,
                             created_at)
            VALUES (?, ?, ?, ?, ?, 4, 5, ?, ?, ?, ?)
            """;
    private static final String INSERT_STATE = """
            INSERT INTO job_state (job, lane, first, state, queued_at, expires_at, fence)
            VALUES (?, 'default', TRUE, 'QUEUED', ?, ?, 1)
            """;
    private static final String INSERT_OUTBOX = """
            INSERT INTO outbox (id, job, fence, created_at) VALUES (?, ?, 1, ?)
            """;
    private static final String END_JOB = """
            UPDATE job_state
               SET state = 'SUCCEEDED', queued_at = NULL, fence = 2, run = 1, attempt = 1, started_at = ?, finished_at = ?
             WHERE job = ?
            """;
    private static final String DELETE_OUTBOX = """
            DELETE FROM outbox WHERE created_at > ?
            """;
    /** In batches: an embedded database takes minutes for all of them in one transaction. */
    private static final String SOME_JOBS = """
            SELECT id FROM job WHERE submitter = 'bench-yardstick' LIMIT 2000
            """;

    private static final List<String> DELETE_JOBS =
            List.of("DELETE FROM job_state WHERE job = ANY(?)", "DELETE FROM event WHERE id = ANY(?)");

    @Resource(name = "jdbc/azukari")
    private DataSource pool;

    UUID insertJobAndOutbox(JsonNode event) throws SQLException {
        OffsetDateTime now = now();
        return inTransaction(connection -> {
            UUID job = insert(connection, event, now);
            try (PreparedStatement outbox = connection.prepareStatement(INSERT_OUTBOX)) {
                outbox.setObject(1, Ids.next());
                outbox.setObject(2, job);
                outbox.setObject(3, now.plus(AHEAD));
                outbox.executeUpdate();
            }
            return job;
        });
    }

    UUID insertJob(JsonNode event) throws SQLException {
        return inTransaction(connection -> insert(connection, event, now()));
    }

    void endJob(UUID job) throws SQLException {
        OffsetDateTime now = now();
        inTransaction(connection -> {
            try (PreparedStatement end = connection.prepareStatement(END_JOB)) {
                end.setObject(1, now);
                end.setObject(2, now);
                end.setObject(3, job);
                return end.executeUpdate();
            }
        });
    }

    void clean() throws SQLException {
        inTransaction(connection -> {
            try (PreparedStatement outbox = connection.prepareStatement(DELETE_OUTBOX)) {
                outbox.setObject(1, now().plus(AHEAD.dividedBy(2)));
                return outbox.executeUpdate();
            }
        });
        int deleted;
        do {
            deleted = inTransaction(PlainRows::deleteSomeJobs);
        } while (deleted > 0);
    }

    private static int deleteSomeJobs(Connection connection) throws SQLException {
        List<UUID> ids = new ArrayList<>();
        try (Statement query = connection.createStatement();
                ResultSet rows = query.executeQuery(SOME_JOBS)) {
            while (rows.next()) {
                ids.add(rows.getObject(1, UUID.class));
            }
        }
        for (String statement : DELETE_JOBS) {
            try (PreparedStatement delete = connection.prepareStatement(statement)) {
                delete.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
                delete.executeUpdate();
            }
        }
        return ids.size();
    }

    private static UUID insert(Connection connection, JsonNode event, OffsetDateTime now) throws SQLException {
        UUID id = Ids.next();
        try (PreparedStatement job = connection.prepareStatement(INSERT_JOB)) {
            job.setObject(1, id);
            job.setString(2, event.path("code").asString());
            job.setString(3, event.path("requestId").asString());
            job.setString(4, Json.fingerprint(event));
            job.setString(5, SUBMITTER);
            String body = Json.write(event.path("body"));
            job.setString(6, body);
            job.setInt(7, body.length());
            job.setObject(8, id);
            job.setObject(9, now);
            job.executeUpdate();
        }
        try (PreparedStatement state = connection.prepareStatement(INSERT_STATE)) {
            state.setObject(1, id);
            state.setObject(2, now);
            state.setObject(3, now.plusDays(7));
            state.executeUpdate();
        }
        return id;
    }

    private static OffsetDateTime now() {
        return SystemClock.utc().instant().atOffset(ZoneOffset.UTC);
    }

    @FunctionalInterface
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T inTransaction(Work<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.on(connection);
                connection.commit();
                return result;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }
}
