package azukari.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.testing.CountingSource;
import azukari.testing.HeldStep;
import azukari.testing.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 15: what many units in one transaction are to each other, on each database. */
@ParameterizedClass
@EnumSource(Store.class)
class GateTest {
    private static final int TOO_LARGE = 100_000; // for a SMALLINT

    /** Adds each input to the table; the outcome is its negative. */
    private final Step<Integer, Integer> insert = (tx, inputs) -> {
        tx.batch(
                "INSERT INTO tally (n) VALUES (?)",
                inputs.stream().map(n -> new Object[] {n}).toList());
        return inputs.stream().map(n -> -n).toList();
    };

    @Parameter
    private Store store;

    private Store.Opened opened;
    private CountingSource counting;
    private Database database;
    private Gate gate;

    @BeforeEach
    void open() {
        opened = store.open();
        opened.database().inTransaction(tx -> tx.update("CREATE TABLE tally (n smallint PRIMARY KEY)"));
        counting = new CountingSource(opened.source());
        database = new Database(counting.source());
        gate = new Gate(database);
    }

    @AfterEach
    void close() {
        database.close();
        opened.close();
    }

    @Test
    void units_that_come_together_share_one_statement_and_one_commit() {
        HeldStep<Integer, Integer> held = new HeldStep<>(insert);

        List<CompletableFuture<Integer>> outcomes = held.runAsGroup(gate, numbers(32));

        assertThat(outcomes).extracting(CompletableFuture::join).containsExactlyElementsOf(negatives(32));
        assertThat(stored()).containsExactlyElementsOf(numbers(32));
        assertThat(counting.commits()).isEqualTo(1);
        assertThat(counting.statements()).hasSize(1);
    }

    @Test
    void alone_a_unit_takes_one_statement_and_one_commit() {
        assertThat(gate.submit(insert, 1)).isEqualTo(-1);

        assertThat(counting.commits()).isEqualTo(1);
        assertThat(counting.statements()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void rule_15_a_unit_that_the_database_refuses_fails_alone_wherever_it_stands(int guilty) {
        List<Integer> inputs =
                numbers(7).stream().map(n -> n == guilty + 1 ? TOO_LARGE : n).toList();

        List<CompletableFuture<Integer>> outcomes = new HeldStep<>(insert).runAsGroup(gate, inputs);

        for (int i = 0; i < inputs.size(); i++) {
            if (i == guilty) {
                assertThat(outcomes.get(i))
                        .failsWithin(10, TimeUnit.SECONDS)
                        .withThrowableThat()
                        .withCauseInstanceOf(DataRefusedException.class);
            } else {
                assertThat(outcomes.get(i).join()).isEqualTo(-inputs.get(i));
            }
        }
        assertThat(stored()).hasSize(6).doesNotContain(guilty + 1);
    }

    @Test
    void a_step_that_dies_by_an_error_leaves_no_transaction_open() {
        Step<Integer, Integer> dying = (tx, inputs) -> {
            insert.run(tx, inputs);
            throw new StackOverflowError("by the test");
        };
        for (int i = 0; i < 50; i++) { // more than a pool has connections
            assertThatThrownBy(() -> gate.submit(dying, 1)).isInstanceOf(StackOverflowError.class);
        }

        assertThat(gate.submit(insert, 1)).as("the row is not locked").isEqualTo(-1);
        assertThat(stored()).containsExactly(1);
    }

    @Test
    void a_step_that_loses_an_outcome_is_refused_before_its_commit() {
        Step<Integer, Integer> losing = (tx, inputs) -> {
            insert.run(tx, inputs);
            return List.of();
        };

        assertThatThrownBy(() -> gate.submit(losing, 1)).hasMessageContaining("0 outcomes");
        assertThat(stored()).isEmpty();
    }

    /** Two nodes lock the same rows in crossing orders: the database breaks the circle, and the loser's group runs again. */
    @Test
    void rule_15_a_deadlock_between_two_nodes_costs_nobody_an_outcome() throws Exception {
        gate.submit(insert, 1);
        gate.submit(insert, 2);
        AtomicInteger runs = new AtomicInteger();
        try (Database other = new Database(opened.source())) {
            CyclicBarrier bothHoldTheFirst = new CyclicBarrier(2);
            // A thread each: the common pool has a single one on two processors, from JDK 25 on also for these.
            Executor threads = task -> new Thread(task).start();
            CompletableFuture<Integer> here = CompletableFuture.supplyAsync(
                    () -> gate.submit(crossing(1, 2, bothHoldTheFirst, runs), 10), threads);
            CompletableFuture<Integer> there = CompletableFuture.supplyAsync(
                    () -> new Gate(other).submit(crossing(2, 1, bothHoldTheFirst, runs), 20), threads);

            assertThat(here.get(30, TimeUnit.SECONDS)).isEqualTo(10);
            assertThat(there.get(30, TimeUnit.SECONDS)).isEqualTo(20);
        }
        assertThat(runs).as("one of the two ran again").hasValueGreaterThanOrEqualTo(3);
        assertThat(stored()).containsExactly(1, 2, 10, 20);
    }

    private Step<Integer, Integer> crossing(int first, int second, CyclicBarrier barrier, AtomicInteger runs) {
        return (tx, inputs) -> {
            boolean firstTime = runs.incrementAndGet() <= 2;
            tx.update("UPDATE tally SET n = n WHERE n = ?", first);
            if (firstTime) {
                meet(barrier);
            }
            tx.update("UPDATE tally SET n = n WHERE n = ?", second);
            insert.run(tx, inputs);
            return inputs;
        };
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the other node did not come", e);
        }
    }

    @Test
    void a_connection_that_breaks_in_the_middle_of_a_group_is_told_to_every_unit_of_it_and_to_no_other() {
        AtomicInteger breaks = new AtomicInteger(1);
        HeldStep<Integer, Integer> broken = new HeldStep<>((tx, inputs) -> {
            insert.run(tx, inputs);
            if (breaks.getAndDecrement() > 0) {
                breakConnection(tx);
            }
            tx.update("UPDATE tally SET n = n");
            return inputs;
        });

        List<CompletableFuture<Integer>> outcomes = broken.runAsGroup(gate, numbers(5));

        assertThat(outcomes).allSatisfy(outcome -> assertThatThrownBy(outcome::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(DatabaseUnavailableException.class));
        assertThat(stored()).isEmpty();
        assertThat(broken.sizes()).containsExactly(5);
        assertThat(gate.submit(broken, 6)).isEqualTo(6);
        assertThat(stored()).containsExactly(6);
    }

    /** On PostgreSQL the server ends the session; H2 has none to end, so the connection is closed under the group. */
    private void breakConnection(Tx tx) {
        try (Connection another = opened.source().getConnection();
                Statement statement = another.createStatement()) {
            if (store == Store.POSTGRESQL) {
                int session = tx.query("SELECT pg_backend_pid()", row -> row.getInt(1))
                        .get(0);
                statement.execute("SELECT pg_terminate_backend(" + session + ", 10000)");
            } else {
                counting.latest().close();
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private List<Integer> stored() {
        return opened.database().inTransaction(tx -> tx.query("SELECT n FROM tally ORDER BY n", row -> row.getInt(1)));
    }

    private static List<Integer> numbers(int count) {
        return IntStream.rangeClosed(1, count).boxed().toList();
    }

    private static List<Integer> negatives(int count) {
        return numbers(count).stream().map(n -> -n).toList();
    }
}
