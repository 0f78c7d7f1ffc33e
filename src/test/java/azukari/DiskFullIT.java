package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Accepted;
import azukari.testing.ApiClient;
import azukari.testing.Ends;
import azukari.testing.Postgres;
import azukari.testing.ServerProcess;
import azukari.testing.SmallDisk;
import azukari.testing.Submitters;
import azukari.testing.Submitters.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A disk is filled and freed under load, that of the data folder or that of PostgreSQL's tables: nothing is lost, and
 * nobody has to start anything again.
 */
@Execution(ExecutionMode.CONCURRENT)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DiskFullIT {
    private static final Duration START = Duration.ofSeconds(90);
    /** Artemis takes half a minute until it gives its disk up. */
    private static final Duration BROKER_GONE = Duration.ofSeconds(90);

    private static final Duration ALL_ENDED = Duration.ofMinutes(2);
    private static final int MEBIBYTES = 300;
    private static final int TIMES = 5;
    private static final Duration FULL = Duration.ofSeconds(3);
    /** Of a body, in characters. */
    private static final int LONG = 3_000;

    private static final int MORE = 50;

    private static SmallDisk journal;
    private static SmallDisk tables;
    private static Postgres.Tablespace tablespace;
    private static ServerProcess server;

    /** With the tables on one disk and the data folder on another, which are filled one after the other. */
    @BeforeAll
    static void start() throws IOException {
        journal = mount("disk-full-data");
        tables = mount("disk-full-postgres-tables");
        Path folder = Files.createDirectory(tables.folder().resolve("tables"));
        tablespace = Postgres.shared().createTablespace(folder);
        server = ServerProcess.named("disk-full")
                .database(tablespace.createDatabase())
                .env("AZUKARI_DATA_DIR", journal.folder().resolve("data").toString())
                .build();
        server.start().awaitReady(START);
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable each : new AutoCloseable[] {server, tablespace, tables, journal}) {
            if (each != null) {
                try {
                    each.close();
                } catch (Exception e) {
                    throw new AssertionError("not closed: " + each, e);
                }
            }
        }
    }

    private static SmallDisk mount(String name) {
        Optional<SmallDisk> mounted = SmallDisk.mount(name, MEBIBYTES);
        assumeThat(mounted).as("mounting is permitted").isPresent();
        return mounted.get();
    }

    @Test
    @Order(1)
    @Execution(ExecutionMode.SAME_THREAD)
    void a_node_is_not_ready_while_postgres_has_no_room_and_goes_on_once_there_is() {
        ApiClient api = new ApiClient(server.uri(), Duration.ofSeconds(30));
        Event event = new Event("NOOP", Map.of("text", "x".repeat(LONG)));
        try (Submitters load = Submitters.start(server.uri(), 4, Duration.ofMillis(5), 1, random -> event)) {
            awaitMore(load, "accepted", () -> load.accepted().size(), MORE);

            tables.fill();
            awaitMore(load, "refused", () -> load.refusals().size(), 1);
            await("not ready").atMost(START).until(() -> api.get("health/ready").status() == 503);

            tables.free();
            awaitMore(load, "accepted", () -> load.accepted().size(), MORE);
            await("ready again")
                    .atMost(START)
                    .until(() -> api.get("health/ready").status() == 200);
            load.stopAndWait();
            assertThat(load.failures()).isEmpty();
            Ends.awaitAll(api, ALL_ENDED);
            assertThat(api.jobs("state=SUCCEEDED"))
                    .extracting(job -> job.path("id").asString())
                    .containsAll(load.accepted().stream().map(Accepted::job).toList());
        }
    }

    @Test
    @Order(2)
    @Execution(ExecutionMode.SAME_THREAD)
    void the_embedded_broker_is_started_again_once_there_is_room() {
        ApiClient api = new ApiClient(server.uri(), Duration.ofSeconds(30));
        Event event = new Event("NOOP", Map.of());
        // Not the seeds of the test before, which have the same request ids.
        try (Submitters load = Submitters.start(server.uri(), 2, Duration.ofMillis(50), 11, random -> event)) {
            Ends.awaitAll(api, START);
            assertThat(server.log()).doesNotContain("the embedded broker has shut itself down");

            journal.fill();
            await("the broker to give up").atMost(BROKER_GONE).until(() -> server.log()
                    .contains("the embedded broker has shut itself down"));
            assertThat(api.get("health/ready").status())
                    .as("events are accepted without the broker")
                    .isEqualTo(200);

            journal.free();
            await("the broker to be back").atMost(START).until(() -> server.log()
                    .contains("the embedded broker is up again"));
            load.stopAndWait();
            assertThat(load.failures()).isEmpty();
            Ends.awaitAll(api, ALL_ENDED);
            assertThat(api.jobs("state=SUCCEEDED"))
                    .extracting(job -> job.path("id").asString())
                    .containsAll(load.accepted().stream().map(Accepted::job).toList());
        }
    }

    /** Again and again, because only now and then the store breaks in the middle of a commit. */
    @Test
    @Order(3)
    @Execution(ExecutionMode.SAME_THREAD)
    void the_embedded_database_goes_on_once_there_is_room_and_has_lost_nothing() {
        try (SmallDisk disk = mount("disk-full-database");
                ServerProcess embedded = ServerProcess.named("disk-full-h2")
                        .env("AZUKARI_DATA_DIR", disk.folder().resolve("data").toString())
                        .build()) {
            ApiClient api = new ApiClient(embedded.start().awaitReady(START).uri(), Duration.ofSeconds(30));
            Event event = new Event("NOOP", Map.of("text", "x".repeat(LONG)));
            try (Submitters load = Submitters.start(embedded.uri(), 4, Duration.ofMillis(5), 1, random -> event)) {
                for (int i = 0; i < TIMES; i++) {
                    awaitMore(load, "accepted", () -> load.accepted().size(), MORE);

                    disk.fill();
                    awaitMore(load, "refused", () -> load.refusals().size(), 1);
                    assertThat(embedded.endedWithin(FULL)).isFalse();
                    disk.fill();
                    disk.free();
                }
                awaitMore(load, "accepted", () -> load.accepted().size(), MORE);
                load.stopAndWait();
                assertThat(load.failures()).isEmpty();
                Ends.awaitAll(api, ALL_ENDED);
                assertThat(api.jobs("state=SUCCEEDED"))
                        .extracting(job -> job.path("id").asString())
                        .containsAll(load.accepted().stream().map(Accepted::job).toList());
            }
        }
    }

    private static void awaitMore(Submitters load, String what, IntSupplier count, int more) {
        int before = count.getAsInt();
        await(more + " more to be " + what).atMost(START).until(() -> count.getAsInt() >= before + more);
        assertThat(load.failures()).isEmpty();
    }
}
