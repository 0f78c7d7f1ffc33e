package azukari;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ApiClient;
import azukari.testing.Postgres;
import azukari.testing.ServerProcess;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Killed while packs of the largest size are under way, with a slow job in each. */
@Execution(ExecutionMode.CONCURRENT)
class PackKillIT {
    private static final int KILLS_ON_POSTGRES = Math.max(3, Integer.getInteger("kill.count", 20) / 3);
    private static final int KILLS_ON_H2 = Math.max(2, Integer.getInteger("kill.count", 20) / 10);
    /** How many jobs a message has on average when packs travel. */
    private static final double SEVERAL = 8;
    /** While other tests take the processors, runs are longer, and packs are smaller. */
    private static final int LOTS = 30;

    @Test
    void each_job_of_a_pack_keeps_its_promises_on_postgres_however_often_the_server_is_killed() throws Exception {
        assertKept(
                "kill-packs-postgres",
                KILLS_ON_POSTGRES,
                server -> server.database(Postgres.shared().createDatabase()));
    }

    @Test
    void each_job_of_a_pack_keeps_its_promises_on_the_embedded_database_however_often_the_server_is_killed()
            throws Exception {
        assertKept("kill-packs", KILLS_ON_H2, server -> server);
    }

    private static void assertKept(String name, int kills, UnaryOperator<ServerProcess.Builder> settings)
            throws Exception {
        PackedJobs jobs = new PackedJobs(name);
        try (ServerProcess server = settings.apply(jobs.server(name)).build()) {
            ApiClient api = PackedJobs.client(server);
            server.start().awaitReady(PackedJobs.READY_TIMEOUT);
            assertThat(mostJobsPerMessage(jobs, api)).as("jobs on a message").isGreaterThan(SEVERAL);
            for (int i = 0; i < kills; i++) {
                jobs.learn(api);
                long written = jobs.written();
                jobs.postTogether(api);
                jobs.awaitSomeOf(written);
                jobs.kill(server);
                server.start().awaitReady(PackedJobs.READY_TIMEOUT);
            }
            jobs.assertKept(api);
        }
    }

    /** Of the first lot that travels in packs; of the fullest if none does. */
    private static double mostJobsPerMessage(PackedJobs jobs, ApiClient api) throws Exception {
        double most = 0;
        for (int i = 0; i < LOTS && most <= SEVERAL; i++) {
            most = Math.max(most, jobs.jobsPerMessage(api));
        }
        return most;
    }
}
