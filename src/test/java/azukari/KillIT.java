package azukari;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ItFolder;
import azukari.testing.KillScenario;
import azukari.testing.ServerFolder;
import azukari.testing.Violation;
import azukari.testing.Violation.Rule;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/**
 * The server is killed for real, again and again, and keeps every promise; and the same oracle turns red for a server that does not.
 *
 * <p>{@code -Dkill.count=N} sets how often it is killed, {@code -Dkill.seed=N} repeats the moments and events of an earlier run.
 */
class KillIT {
    private static final int KILLS = Integer.getInteger("kill.count", 20);
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** How often a faulty server is killed at most until its fault must have shown. */
    private static final int KILLS_OF_A_FAULTY_SERVER = 10;

    private static final Duration PATIENCE_WITH_A_FAULTY_SERVER = Duration.ofSeconds(30);

    /** A CDI alternative in the test tree for the claim, without its condition. */
    private static final String CLAIM_WITHOUT_CONDITION = "azukari.dispatch.ClaimWithoutCondition";

    @Test
    void keepsEveryPromiseHoweverOftenItIsKilled() {
        try (KillScenario scenario = KillScenario.start("kill", SEED, server -> server)) {
            for (int i = 0; i < KILLS; i++) {
                scenario.killAndRestart();
            }
            assertThat(scenario.finish(PATIENCE)).isEmpty();
            assertThat(scenario.clientFailures()).isEmpty();
        }
    }

    @Test
    void theOracleSeesADatabaseThatLosesCommits() {
        String url = "jdbc:h2:file:" + ItFolder.of("kill-write-delay").resolve("lossy")
                + ";WRITE_DELAY=500;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000";
        try (KillScenario scenario =
                KillScenario.start("kill-write-delay", SEED, server -> server.env("AZUKARI_DB_URL", url))) {
            assertThat(violationsOnceSeen(scenario, KillScenario::hasLostJobs))
                    .extracting(Violation::rule)
                    .contains(Rule.ACCEPTED_EXISTS);
        }
    }

    @Test
    @Disabled("until the claim is a bean that an alternative can replace")
    void theOracleSeesAClaimWithoutItsCondition() throws ClassNotFoundException {
        ServerFolder faulty = ServerFolder.changed("kill-claim-server", Class.forName(CLAIM_WITHOUT_CONDITION));
        try (KillScenario scenario = KillScenario.start("kill-claim", SEED, server -> server.server(faulty))) {
            assertThat(violationsOnceSeen(scenario, KillScenario::hasOverlappingCalls))
                    .extracting(Violation::rule)
                    .contains(Rule.NO_OVERLAP);
        }
    }

    private static List<Violation> violationsOnceSeen(KillScenario scenario, Predicate<KillScenario> fault) {
        for (int i = 0; i < KILLS_OF_A_FAULTY_SERVER && !fault.test(scenario); i++) {
            scenario.killAndRestart();
        }
        return scenario.finish(PATIENCE_WITH_A_FAULTY_SERVER);
    }
}
