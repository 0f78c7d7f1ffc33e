package azukari.plans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.database.Schema;
import azukari.testing.ApiClient;
import azukari.testing.Postgres;
import azukari.testing.RecordingTarget;
import azukari.testing.ServerProcess;
import azukari.testing.TestCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * No statement of the product reads the backlog: whatever is in the tables, it looks at little more than what it uses.
 * Every statement that the running server sends is judged, by what PostgreSQL reports that it did.
 */
class QueryPlansIT {
    private static final long JOBS = Long.getLong("plans.jobs", 100_000);
    /** More rows than this, read and not used, are a backlog. */
    private static final long MOST_WASTED = 5_000;
    /**
     * A page of a list by several criteria may look at as many jobs: at each in the index and in both of its tables.
     */
    private static final long MOST_WASTED_BY_LIST = 3 * MOST_WASTED;
    /** What is counted is counted up to 10,000, and here and there joined with another row for each. */
    private static final long MOST_WASTED_BY_COUNT = 2 * 10_001L;

    /**
     * As the page shortens them. If one of these were written differently, or not sent at all, it would not be judged.
     */
    private static final List<String> MUST_BE_SEEN = List.of(
            "INSERT INTO event (",
            "INSERT INTO job_state (",
            "INSERT INTO run (",
            "INSERT INTO outbox (",
            "DELETE FROM outbox",
            "FROM requeue WHERE round = $2) ORDER BY created_at",
            "UPDATE job_state SET state = 'RUNNING'",
            "UPDATE job_state SET state = g.v_state",
            "UPDATE job_state SET state = 'QUEUED'",
            "FROM job_state WHERE due_at >=",
            "FROM job_state WHERE state = 'QUEUED' AND expires_at",
            "FROM node WHERE NOT signed_off) ORDER BY job LIMIT",
            "FROM event emitted JOIN job_state other",
            "INSERT INTO permit (",
            "UPDATE permit SET phase",
            "DELETE FROM permit",
            "FROM permit WHERE phase = 1 AND capacity",
            "WITH RECURSIVE waiting",
            "UPDATE capacity SET next_slot",
            "UPDATE capacity SET turn",
            "INSERT INTO ended_child",
            "DELETE FROM ended_child");

    private static final Duration READY = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void no_statement_reads_the_backlog() throws Exception {
        try (Postgres postgres = Postgres.create(PlanLog.SETTINGS)) {
            Postgres.Database database = postgres.createDatabase();
            Schema.migrate(source(database));
            FilledDatabase.fill(database, JOBS);
            PlanLog log = new PlanLog(postgres);
            try (RecordingTarget target = new RecordingTarget(Duration.ofMillis(5));
                    ServerProcess server = ServerProcess.named("query-plans")
                            .database(database)
                            .catalog(catalog(target))
                            .env("AZUKARI_RESCUE", "2s")
                            .build()) {
                server.start().awaitReady(READY);
                new Traffic(new ApiClient(server.uri(), PATIENCE)).all();
                await("the sweep of the outbox and the rescue")
                        .atMost(PATIENCE)
                        .until(() -> isEmpty(database, "SELECT FROM outbox")
                                && isEmpty(
                                        database,
                                        "SELECT FROM job_state WHERE owner = '00000000-0000-7000-8000-000000000001'"));
            }
            judge(log, database);
        }
    }

    private static Path catalog(RecordingTarget target) throws IOException {
        TestCatalog catalog = TestCatalog.named("query-plans-catalog")
                .calling("SLOW", target.uri(), "channel: slow")
                .calling("SHOP", target.uri(), "channel: {name: shop, per: /key}");
        Files.writeString(catalog.folder().resolve("channels.yaml"), """
                channels:
                  - {name: slow, rate: 2/s}
                  - {name: shop, rate: 1/m}
                """);
        return catalog.folder();
    }

    private static void judge(PlanLog log, Postgres.Database database) throws IOException, SQLException {
        Map<String, Plan> executed = log.worst();
        new PlansPage(JOBS, executed).writeIfAsked();
        List<Plan> kept = log.generic(database);
        assertThat(String.join("\n", executed.keySet()))
                .as("the executed statements")
                .contains(MUST_BE_SEEN);
        assertThat(executed.values())
                .as("executed plans that read much more than they use")
                .filteredOn(plan -> plan.scansWhole() || plan.wasted() > most(plan))
                .isEmpty();
        assertThat(kept)
                .as("generic plans (for any parameters) that read a whole table")
                .filteredOn(Plan::scansWhole)
                .isEmpty();
    }

    private static long most(Plan plan) {
        if (plan.statement().contains("AS counted") || plan.statement().contains("AS placed")) {
            return MOST_WASTED_BY_COUNT;
        }
        return plan.statement().contains("AS found (id)") ? MOST_WASTED_BY_LIST : MOST_WASTED;
    }

    private static boolean isEmpty(Postgres.Database database, String query) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET auto_explain.log_min_duration = -1");
            try (ResultSet rows = statement.executeQuery(query + " LIMIT 1")) {
                return !rows.next();
            }
        }
    }

    private static PGSimpleDataSource source(Postgres.Database database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.url());
        source.setUser(database.user());
        source.setPassword(database.password());
        return source;
    }
}
