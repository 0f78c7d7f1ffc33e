package azukari.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.catalog.Channel;
import azukari.catalog.Rate;
import azukari.handler.Outcome;
import azukari.job.Job;
import azukari.job.JobOrder;
import azukari.job.JobState;
import azukari.limit.ChannelTable;
import azukari.limit.Need;
import azukari.platform.Ids;
import azukari.testing.RowsRead;
import azukari.testing.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** On H2; on PostgreSQL, see the query plans. */
class WaitingBacklogTest {
    private static final int WAITING = 20_000;
    private static final int AT_ONCE = 1000;
    /** Of any statement; a look for room gives away up to a hundred places. */
    private static final long MOST_READ = 500;

    private static final Need SLOW = Need.channel("slow");

    @Test
    void no_statement_of_a_jobs_way_reads_those_that_wait_for_a_channel() {
        AtomicReference<RowsRead> rows = new AtomicReference<>();
        try (Bench bench = new Bench(Store.H2, Map.of(), pool -> {
            rows.set(new RowsRead(pool));
            return rows.get().source();
        })) {
            bench.database.inTransaction(tx -> {
                ChannelTable.declare(
                        tx, new Channel("slow", Optional.of(Rate.parse("2/s")), Optional.of(20)), Optional.empty());
                return null;
            });
            for (int i = 0; i < WAITING; i += AT_ONCE) {
                bench.accept(IntStream.range(0, AT_ONCE)
                        .mapToObj(n -> order("shop-" + n % 50, SLOW))
                        .toList());
            }
            bench.admission.look(List.of(SLOW.capacity()));

            Map<String, Long> read = rows.get().during(() -> {
                bench.admission.pass();
                Job limited = queued(bench);
                bench.end(limited, Outcome.succeeded());
                bench.admission.pass();
                Job other = bench.accept(order("me"));
                bench.end(bench.read(other.id()), Outcome.succeeded());
                bench.accept(order("me", SLOW));
                bench.admission.pass();
                bench.operations.cancel(bench.accept(order("me", SLOW)).id());
                bench.dueJobs.pass();
                bench.families.pass();
            });

            assertThat(read).hasSizeGreaterThan(20);
            assertThat(read).allSatisfy((sql, most) -> assertThat(most).as(sql).isLessThan(MOST_READ));
        }
    }

    private static Job queued(Bench bench) {
        return bench
                .store
                .database()
                .inTransaction(tx -> tx.query(
                        "SELECT job FROM job_state WHERE state = 'QUEUED' ORDER BY job LIMIT 1",
                        row -> row.getObject(1, java.util.UUID.class)))
                .stream()
                .map(bench::read)
                .filter(job -> job.state() == JobState.QUEUED)
                .findFirst()
                .orElseThrow();
    }

    private static JobOrder order(String submitter, Need... needs) {
        return JobOrder.builder()
                .id(Ids.next())
                .code("NOOP")
                .submitter(submitter)
                .priority(4)
                .body("{}")
                .lane("default")
                .maxAttempts(3)
                .expireAfter(Duration.ofDays(1))
                .needs(List.of(needs))
                .build();
    }
}
