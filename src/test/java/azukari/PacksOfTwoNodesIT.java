package azukari;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ApiClient;
import azukari.testing.BrokerProcess;
import azukari.testing.Postgres;
import azukari.testing.ServerProcess;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Packs on two nodes that share a database and a broker, each of which is killed. */
@Execution(ExecutionMode.CONCURRENT)
class PacksOfTwoNodesIT {
    private final PackedJobs jobs = new PackedJobs("packs-of-two-nodes");
    private Postgres.Database database;
    private BrokerProcess broker;
    private ServerProcess first;
    private ServerProcess second;

    @BeforeEach
    void startBoth() throws IOException {
        database = Postgres.shared().createDatabase();
        broker = BrokerProcess.named("packs-broker").start(PackedJobs.READY_TIMEOUT);
        first = node("packs-first").start().awaitReady(PackedJobs.READY_TIMEOUT);
        second = node("packs-second").start().awaitReady(PackedJobs.READY_TIMEOUT);
    }

    @AfterEach
    void stop() {
        for (ServerProcess server : new ServerProcess[] {first, second}) {
            if (server != null) {
                server.close();
            }
        }
        broker.close();
    }

    private ServerProcess node(String name) throws IOException {
        return jobs.server(name)
                .database(database)
                .broker(broker)
                .env("AZUKARI_RESCUE", "4s")
                .build();
    }

    @Test
    void each_job_of_a_pack_keeps_its_promises_whichever_node_is_killed_and_whoever_puts_it_on_the_wire()
            throws Exception {
        ApiClient onFirst = PackedJobs.client(first);
        ApiClient onSecond = PackedJobs.client(second);

        jobs.learn(onFirst);
        jobs.learn(onSecond);
        long written = jobs.written();
        jobs.postTogether(onFirst);
        jobs.awaitSomeOf(written);
        jobs.kill(first);
        PackedJobs.awaitEnds(onSecond);
        first.start().awaitReady(PackedJobs.READY_TIMEOUT);

        jobs.learn(onFirst);
        jobs.learn(onSecond);
        written = jobs.written();
        broker.kill9();
        jobs.postTogether(onFirst);
        second.freeze(); // So that it is the first node that queues them.
        PackedJobs.awaitAllQueued(onFirst);
        jobs.kill(first); // What it was about to relay is left to the other node's sweeper.
        second.thaw();
        broker.start(PackedJobs.READY_TIMEOUT);
        jobs.awaitSomeOf(written);
        assertThat(onSecond.metric("azukari_sweeper_found_total")).as("swept").isPositive();
        jobs.kill(second);
        first.start();
        second.start().awaitReady(PackedJobs.READY_TIMEOUT);
        first.awaitReady(PackedJobs.READY_TIMEOUT);

        jobs.assertKept(onFirst);
    }
}
