package azukari;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.dispatch.ClaimWithoutCondition;
import azukari.testing.ItFolder;
import azukari.testing.KillScenario;
import azukari.testing.Postgres;
import azukari.testing.ServerFolder;
import azukari.testing.Violation;
import azukari.testing.Violation.Rule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The server is really killed, again and again, and keeps every promise; the same oracle fails for a server that does not.
 *
 * <p>{@code -Dkill.count=N} sets how often it is killed, {@code -Dkill.seed=N} repeats the moments and events of an earlier run.
 */
@Order(KillIT.FIRST)
@Execution(ExecutionMode.CONCURRENT)
class KillIT {
    /** It takes the longest; begun last, it would run on while nothing else is left. */
    static final int FIRST = 1;

    private static final int KILLS = Integer.getInteger("kill.count", 20);
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** How often a faulty server is killed at most until its fault must have shown. */
    private static final int KILLS_OF_A_FAULTY_SERVER = 5;

    /** How long a fault has time to show after each kill. */
    private static final Duration LOOK_AFTER_A_KILL = Duration.ofSeconds(4);

    @Test
    void every_promise_holds_on_postgres_however_often_the_server_is_killed() {
        try (KillScenario scenario = KillScenario.start(
                "kill-postgres",
                SEED,
                server -> server.database(Postgres.shared().createDatabase()))) {
            assertKept(scenario);
        }
    }

    @Test
    void every_promise_holds_on_the_embedded_database_however_often_the_server_is_killed() {
        try (KillScenario scenario = KillScenario.start("kill", SEED, server -> server)) {
            assertKept(scenario);
        }
    }

    private static void assertKept(KillScenario scenario) {
        for (int i = 0; i < KILLS; i++) {
            scenario.killAndRestart();
        }
        assertThat(scenario.finish(PATIENCE)).isEmpty();
        assertThat(scenario.clientFailures()).isEmpty();
    }

    @Test
    void the_oracle_detects_a_database_that_loses_commits() {
        String url = "jdbc:h2:file:" + ItFolder.of("kill-write-delay").resolve("lossy")
                + ";WRITE_DELAY=500;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000";
        try (KillScenario scenario =
                KillScenario.start("kill-write-delay", SEED, server -> server.env("AZUKARI_DB_URL", url))) {
            assertThat(brokenForGood(scenario)).extracting(Violation::rule).contains(Rule.ACCEPTED_EXISTS);
        }
    }

    @Test
    void the_oracle_detects_a_claim_without_its_condition() {
        ServerFolder faulty = ServerFolder.changed("kill-claim-server", ClaimWithoutCondition.class);
        try (KillScenario scenario = KillScenario.start("kill-claim", SEED, server -> server.server(faulty))) {
            assertThat(brokenForGood(scenario)).extracting(Violation::rule).contains(Rule.NO_OVERLAP);
        }
    }

    /** Kills until the first promise is broken that nothing can mend any more. */
    private static List<Violation> brokenForGood(KillScenario scenario) {
        List<Violation> broken = List.of();
        for (int i = 0; i < KILLS_OF_A_FAULTY_SERVER && broken.isEmpty(); i++) {
            scenario.killAndRestart();
            broken = scenario.awaitBrokenForGood(LOOK_AFTER_A_KILL);
        }
        return broken;
    }
}
