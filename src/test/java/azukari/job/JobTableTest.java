package azukari.job;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.platform.Ids;
import azukari.platform.SystemClock;
import azukari.testing.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the job table's statements promise, on each database. */
@ParameterizedClass
@EnumSource(Store.class)
class JobTableTest {
    private final Instant now = SystemClock.utc().instant();
    private final UUID me = Ids.next();

    @Parameter
    private Store store;

    private Store.Opened opened;

    @BeforeEach
    void open() {
        opened = store.open();
    }

    @AfterEach
    void close() {
        opened.close();
    }

    @Test
    void a_stored_job_reads_back_as_it_was() {
        Job job =
                accept(anOrder().requestId("r-1").extensions("{\"sequence\":5}").build());

        Job read = read(job.id());

        assertThat(read.state()).isEqualTo(JobState.QUEUED);
        assertThat(read.requestId()).isEqualTo("r-1");
        assertThat(read.createdAt()).isEqualTo(now);
        assertThat(read.expiresAt()).isEqualTo(now.plus(Duration.ofDays(7)));
        assertThat(read.fence()).isEqualTo(1);
        assertThat(read.root()).isEqualTo(job.id());
        assertThat(read.parent()).isNull();
        assertThat(read.owner()).isNull();
        assertThat(read.extensions()).isEqualTo("{\"sequence\":5}");
    }

    @Test
    void rule_15_a_request_id_is_stored_once_and_the_loser_raises_no_error() {
        assertThat(insert(anOrder().requestId("same").build())).isEqualTo(1);
        assertThat(insert(anOrder().requestId("same").build())).isZero();
        assertThat(insert(anOrder().build())).as("no requestId, no conflict").isEqualTo(1);
        assertThat(insert(anOrder().build())).isEqualTo(1);
    }

    @Test
    void racing_request_ids_store_one_job() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 20; round++) {
                String requestId = "race-" + round;
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Integer>> counts = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    counts.add(pool.submit(() -> {
                        start.await();
                        return insert(anOrder().requestId(requestId).build());
                    }));
                }
                start.countDown();
                int stored = 0;
                for (Future<Integer> count : counts) {
                    stored += count.get(30, TimeUnit.SECONDS);
                }
                assertThat(stored).as(requestId).isEqualTo(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Rule 19. */
    @Test
    void rule_19_an_emission_is_unique_by_parent_generation_and_ordinal() {
        UUID parent = accept(anOrder().build()).id();

        assertThat(insert(anOrder().emittedBy(parent, 0).build())).isEqualTo(1);
        assertThat(insert(anOrder().emittedBy(parent, 0).build())).isZero();
        assertThat(insert(anOrder().emittedBy(parent, 1).build())).isEqualTo(1);
    }

    /** Rule 1: the fence in the message must be the row's. */
    @Test
    void rule_1_a_claim_needs_its_fence_and_raises_it() {
        Job job = accept(anOrder().build());

        assertThat(claim(job.id(), 2)).isZero();
        assertThat(claim(job.id(), 1)).isEqualTo(1);
        assertThat(claim(job.id(), 1)).as("a duplicate of the message").isZero();
        Job running = read(job.id());
        assertThat(running.state()).isEqualTo(JobState.RUNNING);
        assertThat(running.fence()).isEqualTo(2);
        assertThat(running.run()).isEqualTo(1);
        assertThat(running.attempt()).isEqualTo(1);
        assertThat(running.owner()).isEqualTo(me);
    }

    /** Rule 1: a finish by a worker that was taken for dead changes nothing. */
    @Test
    void rule_1_a_finish_needs_fence_and_owner() {
        Job job = accept(anOrder().build());
        claim(job.id(), 1);
        RunRef mine = RunRef.of(read(job.id()));
        RunRef late = new RunRef(job.id(), mine.fence() - 1, me, "n", 1, 1, now);
        RunRef stranger = new RunRef(job.id(), mine.fence(), Ids.next(), "n", 1, 1, now);

        assertThat(end(late, Ending.succeeded(null))).isFalse();
        assertThat(end(stranger, Ending.succeeded(null))).isFalse();
        assertThat(runs(job.id())).isEmpty();
        assertThat(end(mine, Ending.succeeded("{\"a\":1}"))).isTrue();
        assertThat(end(mine, Ending.failed(new JobError(ErrorKind.HANDLER, "no"))))
                .as("a second end")
                .isFalse();
        assertThat(read(job.id()).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(read(job.id()).result()).isEqualTo("{\"a\":1}");
        assertThat(runs(job.id())).singleElement().satisfies(run -> {
            assertThat(run.number()).isEqualTo(1);
            assertThat(run.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
            assertThat(run.counts()).isTrue();
        });
    }

    @Test
    void a_run_number_is_never_used_again_and_an_interrupted_run_costs_no_attempt() {
        Job job = accept(anOrder().build());
        claim(job.id(), 1);
        end(RunRef.of(read(job.id())), Ending.interrupted(false, new JobError(ErrorKind.INTERRUPTED, "node died")));

        Job again = read(job.id());
        assertThat(again.state()).isEqualTo(JobState.QUEUED);
        assertThat(again.fence()).isEqualTo(3);
        assertThat(again.attempt()).isZero();
        claim(job.id(), 3);
        assertThat(read(job.id()).run()).isEqualTo(2);
        assertThat(read(job.id()).attempt()).isEqualTo(1);
    }

    /** Rule 9: times live in the table. */
    @Test
    void rule_9_what_is_due_is_found_and_queued_with_a_new_fence() {
        Job later = accept(anOrder().notBefore(now.plusSeconds(60)).build());
        accept(anOrder().notBefore(now.plusSeconds(120)).build());

        assertThat(opened.database().inTransaction(JobTable::nextDue)).contains(now.plusSeconds(60));
        assertThat(due(now.plusSeconds(59))).isEmpty();
        List<UUID> queued = opened.database().inTransaction(tx -> JobTable.lockDue(tx, now.plusSeconds(60), 10).stream()
                .filter(job -> JobTable.queueDue(tx, job))
                .map(Job::id)
                .toList());

        assertThat(queued).containsExactly(later.id());
        assertThat(read(later.id()).state()).isEqualTo(JobState.QUEUED);
        assertThat(read(later.id()).fence()).isEqualTo(1);
        assertThat(read(later.id()).dueAt()).isNull();
    }

    @Test
    void two_sweeps_side_by_side_never_hold_the_same_job() {
        accept(anOrder().notBefore(now.plusSeconds(1)).build());
        accept(anOrder().notBefore(now.plusSeconds(1)).build());

        opened.database().inTransaction(first -> {
            List<Job> mine = JobTable.lockDue(first, now.plusSeconds(2), 1);
            List<Job> others =
                    opened.database().inTransaction(second -> JobTable.lockDue(second, now.plusSeconds(2), 10));
            assertThat(mine).hasSize(1);
            assertThat(others).extracting(Job::id).doesNotContain(mine.get(0).id());
            return null;
        });
    }

    @Test
    void a_run_whose_owner_is_no_nodes_incarnation_is_an_orphan() {
        Job job = accept(anOrder().build());
        claim(job.id(), 1);

        assertThat(orphans()).extracting(Job::id).containsExactly(job.id());
        opened.database()
                .inTransaction(tx -> tx.update(
                        "INSERT INTO node (name, instance, incarnation, beat, signed_off) VALUES ('n', ?, ?, 0, FALSE)",
                        Ids.next(),
                        me));
        assertThat(orphans()).isEmpty();
        List<Job> mine = opened.database().read(em -> JobTable.runningOf(em, me, 10));
        assertThat(mine).extracting(Job::id).containsExactly(job.id());
    }

    @Test
    void pages_go_from_the_newest_to_the_oldest_without_gap_or_repeat() {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(0, accept(anOrder().build()).id());
        }

        List<UUID> read = new ArrayList<>();
        UUID after = null;
        do {
            JobFilter filter = new JobFilter(JobState.QUEUED, "NOOP", null, null, null, "tester", after);
            JobPage page = opened.database().read(em -> filter.page(em, 2));
            page.jobs().forEach(job -> read.add(job.id()));
            after = page.next();
        } while (after != null);

        assertThat(read).isEqualTo(ids);
    }

    /** The database holds the invariants as well: each of these would be a row that no code may write. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "state = 'NONSENSE'",
                "state = 'WAITING'",
                "state = 'RUNNING'",
                "state = 'SUCCEEDED'",
                "state = 'FAILED', finished_at = created_at",
                "owner = id",
                "due_at = created_at",
                "waiting_for = 'TIME'",
                "finished_at = created_at",
                "fence = 0",
                "attempt = 1",
                "priority = 10",
                "parent = id"
            })
    void an_impossible_row_is_refused_by_the_database(String change) {
        Job job = accept(anOrder().build());

        assertThatThrownBy(() -> opened.database()
                        .inTransaction(tx -> tx.update("UPDATE job SET " + change + " WHERE id = ?", job.id())))
                .hasMessageContaining("job_");
    }

    private int insert(JobOrder order) {
        return opened.database().inTransaction(tx -> JobTable.insertIfAbsent(tx, List.of(Job.accepted(order, now)))[0]);
    }

    private Job accept(JobOrder order) {
        assertThat(insert(order)).isEqualTo(1);
        return read(order.id());
    }

    private int claim(UUID job, long fence) {
        return opened.database()
                .inTransaction(tx -> JobTable.claim(tx, List.of(new JobTable.Claim(job, fence, me, "node-1", now)))[0]);
    }

    private boolean end(RunRef run, Ending ending) {
        return opened.database()
                .inTransaction(tx -> RunTable.endRuns(tx, List.of(new RunTable.RunEnd(run, ending, null, now)))[0]);
    }

    private Job read(UUID id) {
        return opened.database().read(em -> JobTable.find(em, id)).orElseThrow();
    }

    private List<RunEntry> runs(UUID job) {
        return opened.database().read(em -> JobTable.runs(em, read(job)));
    }

    private List<Job> due(Instant at) {
        return opened.database().inTransaction(tx -> JobTable.lockDue(tx, at, 10));
    }

    private List<Job> orphans() {
        return opened.database().read(em -> JobTable.orphans(em, 10));
    }
}
