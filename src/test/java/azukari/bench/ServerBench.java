package azukari.bench;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import azukari.testing.BrokerProcess;
import azukari.testing.Postgres;
import azukari.testing.ServerProcess;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code mvn -Pbench verify}. It fails when something does not work, not when a figure is not reached: that depends on the machine
 * and stands in the results. {@code -Dbench.only=h2} measures one database, {@code -Dbench.only=limits} limits and batches alone,
 * {@code -Dbench.jvm=…} adds options to the server's JVM.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServerBench {
    private static final String H2 = "h2";
    private static final String POSTGRESQL = "postgresql";
    private static final String LIMITS = "limits";
    private static final Duration READY = Duration.ofSeconds(90);
    private static final double STEADY = 0.08;
    private static final int LONGEST_WARM_UP = 8;

    @ParameterizedTest
    @ValueSource(strings = {H2, POSTGRESQL})
    @Order(1)
    void speed(String database) throws InterruptedException {
        assumeWanted(database);
        try (Postgres postgres = database.equals(H2) ? null : Postgres.create();
                ServerProcess server =
                        builder("bench-" + database, postgres).openBroker().build()) {
            server.start().awaitReady(READY);
            Processes processes = new Processes(server.pid(), postgres, 0);
            Results results = new Results(database);
            warm(server, processes, results);

            Pickup.print(Pickup.measure(server, Duration.ofSeconds(10)), results);
            EndToEnd endToEnd = new EndToEnd(server, processes).rounds(3);
            endToEnd.print(results);
            try (Queues queues = new Queues(server.brokerUrl())) {
                queues.pause(BenchServer.QUEUE);
            }
            new Accepting(server, processes).rounds(3).print(results, database.equals(H2) ? 1.0 : 1.5);
            endToEnd.withBacklog(results);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {H2, POSTGRESQL})
    @Order(2)
    void restart(String database) {
        assumeWanted(database);
        try (Postgres postgres = database.equals(H2) ? null : Postgres.create();
                ServerProcess server =
                        builder("bench-restart-" + database, postgres).build()) {
            new Restart(server, new Results(database)).measure();
        }
    }

    @Test
    @Order(3)
    void costs() throws InterruptedException, SQLException {
        assumeWanted(POSTGRESQL);
        try (Postgres postgres = Postgres.create("shared_preload_libraries=pg_stat_statements");
                BrokerProcess broker = BrokerProcess.warmingUp("bench-broker").start(READY)) {
            Postgres.Database database = postgres.createDatabase();
            try (ServerProcess server = BenchServer.named("bench-costs")
                    .database(database)
                    .broker(broker)
                    .build()) {
                server.start().awaitReady(READY);
                Processes processes = new Processes(server.pid(), postgres, broker.pid());
                new Costs(server, broker.url(), processes, new PostgresCounters(database))
                        .print(new Results(POSTGRESQL));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {H2, POSTGRESQL})
    @Order(4)
    void limits(String database) throws InterruptedException {
        assumeWanted(database, LIMITS);
        String name = "bench-limits-" + database;
        try (Postgres postgres = database.equals(H2) ? null : Postgres.create();
                ServerProcess server = builder(name, postgres)
                        .catalog(LimitedTypes.catalog(name))
                        .build()) {
            server.start().awaitReady(READY);
            Processes processes = new Processes(server.pid(), postgres, 0);
            Results results = new Results(database);
            new HeldChannel(server, processes).print(results);
            new BatchIntake(server, processes).print(results);
        }
    }

    @Test
    @Order(5)
    void rate_over_two_nodes() throws InterruptedException {
        assumeWanted(POSTGRESQL, LIMITS);
        try (Postgres postgres = Postgres.create();
                BrokerProcess broker =
                        BrokerProcess.warmingUp("bench-rate-broker").start(READY)) {
            Postgres.Database database = postgres.createDatabase();
            try (ServerProcess first = node("bench-rate-first", database, broker);
                    ServerProcess second = node("bench-rate-second", database, broker)) {
                first.start().awaitReady(READY);
                second.start().awaitReady(READY);
                Processes processes = new Processes(first.pid(), postgres, broker.pid());
                new RatedChannel(List.of(first, second), processes).print(new Results(POSTGRESQL));
            }
        }
    }

    private static ServerProcess node(String name, Postgres.Database database, BrokerProcess broker) {
        return BenchServer.named(name)
                .database(database)
                .broker(broker)
                .catalog(LimitedTypes.catalog("bench-rate"))
                .build();
    }

    /** Until two rounds in a row say the same of everything, or it has been long enough. */
    private static void warm(ServerProcess server, Processes processes, Results results) throws InterruptedException {
        Accepting accepting = new Accepting(server, processes);
        EndToEnd endToEnd = new EndToEnd(server, processes);
        long begin = System.nanoTime();
        int rounds = 0;
        do {
            accepting.rounds(1);
            endToEnd.rounds(1);
            rounds++;
        } while (rounds < LONGEST_WARM_UP && !(accepting.isSteady(STEADY) && endToEnd.isSteady(STEADY)));
        results.line("warm-up")
                .put("rounds", rounds)
                .figure("seconds", (System.nanoTime() - begin) / 1e9)
                .print();
    }

    private static ServerProcess.Builder builder(String name, Postgres postgres) {
        ServerProcess.Builder builder = BenchServer.named(name);
        return postgres == null ? builder : builder.database(postgres.createDatabase());
    }

    /** @param names any of which {@code -Dbench.only} may list */
    private static void assumeWanted(String... names) {
        String only = System.getProperty("bench.only", "").toLowerCase(Locale.ROOT);
        assumeTrue(
                only.isBlank() || !Collections.disjoint(List.of(only.split(",", -1)), List.of(names)), "not asked for");
    }
}
