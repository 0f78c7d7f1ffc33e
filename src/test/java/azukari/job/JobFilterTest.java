package azukari.job;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.platform.SystemClock;
import azukari.testing.Store;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists of many jobs by several criteria, on each database: a page looks at so many, and says where to go on. */
class JobFilterTest {
    private static final int MORE_THAN_A_PAGE_LOOKS_AT = 6_000;
    private static final int LIMIT = 50;

    private final Instant now = SystemClock.utc().instant();

    @ParameterizedTest
    @EnumSource(Store.class)
    void what_is_rare_is_found_whatever_is_newer(Store store) {
        try (Store.Opened opened = store.open()) {
            UUID oldest = insert(opened, List.of(job("A", "y")));
            UUID oldB = insert(opened, List.of(job("RARE", "y")));
            insert(
                    opened,
                    IntStream.range(0, 2 * MORE_THAN_A_PAGE_LOOKS_AT)
                            .mapToObj(i -> i % 2 == 0 ? job("A", "x") : job("B", "y"))
                            .toList());

            JobPage rare = page(opened, new JobFilter(JobState.QUEUED, "RARE", null, null, null, "y", null));
            JobPage none = page(opened, new JobFilter(JobState.FAILED, "A", null, null, null, null, null));
            JobPage first = page(opened, new JobFilter(null, "A", null, null, null, "y", null));
            JobPage second = page(opened, new JobFilter(null, "A", null, null, null, "y", first.next()));

            assertThat(rare.jobs()).extracting(Job::id).containsExactly(oldB);
            assertThat(rare.next()).isNull();
            assertThat(none.jobs()).isEmpty();
            assertThat(none.next()).isNull();
            assertThat(first.jobs()).isEmpty();
            assertThat(first.next()).isNotNull();
            assertThat(second.jobs()).extracting(Job::id).containsExactly(oldest);
            assertThat(second.next()).isNull();
        }
    }

    private static JobPage page(Store.Opened opened, JobFilter filter) {
        return opened.database().read(em -> filter.page(em, LIMIT));
    }

    private Job job(String code, String submitter) {
        return Job.accepted(anOrder().code(code).submitter(submitter).build(), now);
    }

    private static UUID insert(Store.Opened opened, List<Job> jobs) {
        opened.database().inTransaction(tx -> JobTable.insertIfAbsent(tx, jobs));
        return jobs.get(0).id();
    }
}
