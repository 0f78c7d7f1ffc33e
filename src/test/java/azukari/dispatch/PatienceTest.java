package azukari.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.database.DatabaseUnavailableException;
import azukari.database.DatabaseWatch;
import azukari.testing.Store;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a lane does while the database is away. */
class PatienceTest {
    private final FaultySource faults = new FaultySource();
    private final Bench bench = new Bench(Store.H2, Map.of(), faults::over);
    private final Claiming claiming = new Claiming();
    private final Patience patience = new Patience(new DatabaseWatch(bench.database), claiming);
    private final CountDownLatch tried = new CountDownLatch(2);

    @AfterEach
    void close() {
        faults.comeBack();
        bench.close();
    }

    private int step() {
        tried.countDown();
        return bench.database
                .inTransaction(tx -> tx.query("SELECT 7", row -> row.getInt(1)))
                .get(0);
    }

    @Test
    void a_stop_ends_the_wait_of_every_lane() throws Exception {
        faults.goAway();
        CompletableFuture<Integer> first =
                CompletableFuture.supplyAsync(() -> patience.whenDatabaseAnswers(this::step));
        CompletableFuture<Integer> second =
                CompletableFuture.supplyAsync(() -> patience.whenDatabaseAnswers(this::step));
        assertThat(tried.await(10, TimeUnit.SECONDS)).isTrue();
        claiming.stop();
        for (CompletableFuture<Integer> lane : List.of(first, second)) {
            assertThatThrownBy(() -> lane.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(RedeliverException.class)
                    .hasMessageContaining("stopping")
                    .hasCauseInstanceOf(DatabaseUnavailableException.class);
        }
    }

    @Test
    void a_step_is_repeated_once_the_database_answers() throws Exception {
        faults.goAway();
        CompletableFuture<Integer> lane = CompletableFuture.supplyAsync(() -> patience.whenDatabaseAnswers(this::step));
        CompletableFuture<Integer> other =
                CompletableFuture.supplyAsync(() -> patience.whenDatabaseAnswers(this::step));
        assertThat(tried.await(10, TimeUnit.SECONDS)).isTrue();
        faults.comeBack();
        assertThat(lane.get(10, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(7);
    }
}
