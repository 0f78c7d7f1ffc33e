package azukari.job;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.platform.Ids;
import azukari.testing.Store;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is asked again and again reads nothing of the backlog on H2 either, whose indexes hold the rows without a value too, in front of all
 * others. (For PostgreSQL it is {@code QueryPlansIT} that looks.)
 */
class BacklogOnH2Test {
    private static final int BACKLOG = 1_000;
    private static final Pattern SCANNED = Pattern.compile("scanCount: (\\d+)");

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static Store.Opened opened;

    @BeforeAll
    static void fill() {
        opened = Store.H2.open();
        opened.database().inTransaction(tx -> {
            List<NewJob> jobs = Stream.generate(() -> new NewJob(anOrder().build(), NOW))
                    .limit(BACKLOG)
                    .toList();
            return JobTable.insertIfAbsent(tx, jobs);
        });
    }

    @AfterAll
    static void close() {
        opened.close();
    }

    @Test
    void what_is_due() {
        assertThat(rowsRead(JobTable.LOCK_DUE, NOW, 200)).isLessThan(5);
    }

    @Test
    void when_the_next_is_due() {
        assertThat(rowsRead(JobTable.NEXT_DUE)).isLessThan(5);
    }

    @Test
    void chains_that_ended_long_ago() {
        assertThat(rowsRead(JobRetention.LOCK_ENDED_CHAINS, NOW, NOW, 200)).isLessThan(5);
    }

    @Test
    void runs_without_an_owner() {
        assertThat(rowsRead(JobTable.ORPHANS, 200)).isLessThan(5);
    }

    @Test
    void what_outlived_its_time() {
        assertThat(rowsRead(JobTable.LOCK_EXPIRED, NOW, 200)).isLessThan(5);
    }

    @Test
    void the_runs_of_one_incarnation() {
        assertThat(rowsRead(JobTable.RUNNING_OF, Ids.next(), 200)).isLessThan(5);
    }

    @Test
    void the_count_itself_sees_a_backlog_that_is_read() {
        assertThat(rowsRead("SELECT COUNT(*) FROM job_state WHERE owner IS NULL AND lane = ?", "default"))
                .isGreaterThanOrEqualTo(BACKLOG);
    }

    private static int rowsRead(String sql, Object... parameters) {
        String analysis = opened.database()
                .inTransaction(tx -> tx.query("EXPLAIN ANALYZE " + sql, row -> row.getString(1), parameters))
                .get(0);
        int rows = 0;
        for (Matcher scan = SCANNED.matcher(analysis); scan.find(); ) {
            rows += Integer.parseInt(scan.group(1));
        }
        return rows;
    }
}
