package azukari.job;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.platform.Ids;
import azukari.platform.SystemClock;
import azukari.testing.Store;
import java.time.Instant;
import java.util.ArrayList;
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

    /** Whatever the results are, a page holds so many characters of them, all of those that it shows, and the next one goes on. */
    @ParameterizedTest
    @EnumSource(Store.class)
    void a_page_ends_before_its_results_are_too_much(Store store) {
        try (Store.Opened opened = store.open()) {
            String large = "\"" + "x".repeat((int) JobTable.MOST_RESULTS * 2 / 5) + "\"";
            List<NewJob> jobs =
                    IntStream.range(0, 7).mapToObj(i -> job("A", "x")).toList();
            insert(opened, jobs);
            for (int i : new int[] {0, 1, 2, 4, 6}) {
                succeed(opened, jobs.get(i), large);
            }

            List<Integer> sizes = new ArrayList<>();
            List<UUID> ids = new ArrayList<>();
            UUID after = null;
            do {
                JobPage page = page(opened, new JobFilter(null, "A", null, null, null, null, after));
                assertThat(page.jobs()).allSatisfy(job -> assertThat(job.result())
                        .isEqualTo(job.state() == JobState.SUCCEEDED ? large : null));
                sizes.add(page.jobs().size());
                page.jobs().forEach(job -> ids.add(0, job.id()));
                after = page.next();
            } while (after != null);

            assertThat(ids)
                    .containsExactlyElementsOf(
                            jobs.stream().map(job -> job.order().id()).toList());
            assertThat(sizes).containsExactly(4, 2, 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void a_result_that_is_too_much_by_itself_has_a_page_by_itself(Store store) {
        try (Store.Opened opened = store.open()) {
            String huge = "\"" + "x".repeat((int) JobTable.MOST_RESULTS) + "\"";
            List<NewJob> jobs = List.of(job("A", "x"), job("A", "x"), job("A", "x"));
            insert(opened, jobs);
            succeed(opened, jobs.get(2), huge);
            succeed(opened, jobs.get(1), "{}");

            JobPage first = page(opened, new JobFilter(null, null, null, null, null, null, null));

            assertThat(first.jobs()).extracting(Job::result).containsExactly(huge);
            assertThat(first.next()).isEqualTo(jobs.get(2).order().id());
        }
    }

    private void succeed(Store.Opened opened, NewJob job, String result) {
        UUID id = job.order().id();
        UUID owner = Ids.next();
        opened.database().inTransaction(tx -> {
            tx.update(
                    "INSERT INTO node (name, instance, incarnation, beat, signed_off) VALUES (?, ?, ?, 0, FALSE)",
                    owner.toString(),
                    owner,
                    owner);
            JobTable.claim(tx, List.of(new JobTable.Claim(id, 1, owner, "n", now)));
            RunRef run = new RunRef(id, 2, owner, "n", 1, 1, now);
            boolean[] left = ExitTable.leave(
                    tx, List.of(new ExitTable.Exit(id, JobState.RUNNING, 2, run, Ending.succeeded(result), null, now)));
            assertThat(left).containsExactly(true);
            return null;
        });
    }

    private static JobPage page(Store.Opened opened, JobFilter filter) {
        return opened.database().read(em -> filter.page(em, LIMIT));
    }

    private NewJob job(String code, String submitter) {
        return new NewJob(anOrder().code(code).submitter(submitter).build(), now);
    }

    private static UUID insert(Store.Opened opened, List<NewJob> jobs) {
        opened.database().inTransaction(tx -> JobTable.insertIfAbsent(tx, jobs));
        return jobs.get(0).order().id();
    }
}
