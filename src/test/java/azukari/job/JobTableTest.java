package azukari.job;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import azukari.database.DataRefusedException;
import azukari.job.ExitTable.Exit;
import azukari.job.JobTable.Claim;
import azukari.job.JobTable.Lost;
import azukari.job.JobTable.Payload;
import azukari.job.JobTable.RunProgress;
import azukari.job.JobTable.Running;
import azukari.platform.Ids;
import azukari.platform.SystemClock;
import azukari.testing.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
        opened.database()
                .inTransaction(tx -> tx.update(
                        "INSERT INTO node (name, instance, incarnation, beat, signed_off) VALUES ('n', ?, ?, 0, FALSE)",
                        Ids.next(),
                        me));
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
        assertThat(insert(anOrder().requestId("same").build())).isTrue();
        assertThat(insert(anOrder().requestId("same").build())).isFalse();
        assertThat(insert(anOrder().build())).as("no requestId, no conflict").isTrue();
        assertThat(insert(anOrder().build())).isTrue();
    }

    @Test
    void racing_request_ids_store_one_job() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 20; round++) {
                String requestId = "race-" + round;
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Boolean>> answers = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    answers.add(pool.submit(() -> {
                        start.await();
                        return insert(anOrder().requestId(requestId).build());
                    }));
                }
                start.countDown();
                int stored = 0;
                for (Future<Boolean> answer : answers) {
                    stored += answer.get(30, TimeUnit.SECONDS) ? 1 : 0;
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

        assertThat(insert(anOrder().emittedBy(parent, 0).build())).isTrue();
        assertThat(insert(anOrder().emittedBy(parent, 0).build())).isFalse();
        assertThat(insert(anOrder().emittedBy(parent, 1).build())).isTrue();
    }

    /** Rule 1: the fence in the message must be the row's. */
    @Test
    void rule_1_a_claim_needs_its_fence_and_raises_it() {
        Job job = accept(anOrder().build());

        assertThat(claim(job.id(), 2)).isFalse();
        assertThat(claim(job.id(), 1)).isTrue();
        assertThat(claim(job.id(), 1)).as("a duplicate of the message").isFalse();
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

        assertThat(end(late, Ending.succeeded("{}"))).isFalse();
        assertThat(end(stranger, Ending.succeeded("{}"))).isFalse();
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
        end(
                RunRef.of(read(job.id())),
                Ending.interrupted(false, new JobError(ErrorKind.INTERRUPTED, "node died"), now));
        assertThat(queue(job.id())).containsExactly(true);

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
        assertThat(due(now.plusSeconds(60))).containsExactly(later.id());

        assertThat(queue(later.id())).containsExactly(true);

        assertThat(due(now.plusSeconds(60))).isEmpty();
        assertThat(read(later.id()).state()).isEqualTo(JobState.QUEUED);
        assertThat(read(later.id()).fence()).isEqualTo(1);
        assertThat(read(later.id()).dueAt()).isNull();
    }

    @Test
    void two_sweeps_side_by_side_never_hold_the_same_job() {
        accept(anOrder().notBefore(now.plusSeconds(1)).build());
        accept(anOrder().notBefore(now.plusSeconds(1)).build());

        opened.database().inTransaction(first -> {
            List<UUID> mine = JobTable.lockDue(first, now.plusSeconds(2), 1);
            List<UUID> others =
                    opened.database().inTransaction(second -> JobTable.lockDue(second, now.plusSeconds(2), 10));
            assertThat(mine).hasSize(1);
            assertThat(others).doesNotContainAnyElementsOf(mine);
            assertThat(others.size()).as("H2 locks what it looks at").isEqualTo(store == Store.H2 ? 0 : 1);
            return null;
        });
    }

    @Test
    void a_run_whose_owner_is_no_nodes_incarnation_is_an_orphan() {
        Job job = accept(anOrder().build());
        claim(job.id(), 1);
        assertThat(orphans()).isEmpty();
        assertThat(runningOf(me)).containsExactly(new Running(job.id(), 2, false));

        UUID next = Ids.next();
        opened.database().inTransaction(tx -> tx.update("UPDATE node SET incarnation = ?", next));

        assertThat(orphans()).containsExactly(job.id());
        assertThat(runningOf(next)).isEmpty();
    }

    @Test
    void rule_23_a_retired_incarnation_claims_nothing() {
        Job job = accept(anOrder().build());
        opened.database().inTransaction(tx -> tx.update("UPDATE node SET incarnation = ?", Ids.next()));

        assertThat(claim(job.id(), 1)).isFalse();
        assertThat(read(job.id()).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void a_claim_whose_answer_was_lost_is_known_by_its_fence_and_owner() {
        Job job = accept(anOrder().build());
        Claim mine = new Claim(job.id(), 1, me, "node-1", now);
        Claim ofAnother = new Claim(job.id(), 1, Ids.next(), "node-2", now);
        Claim earlier = new Claim(job.id(), 0, me, "node-1", now);
        claim(job.id(), 1);

        Map<Claim, Lost> lost =
                opened.database().inTransaction(tx -> JobTable.lost(tx, List.of(mine, ofAnother, earlier)));

        assertThat(lost).containsEntry(mine, Lost.MINE_BEFORE);
        assertThat(lost.get(ofAnother)).isNotEqualTo(Lost.MINE_BEFORE);
        assertThat(lost.get(earlier)).isNotEqualTo(Lost.MINE_BEFORE);
    }

    @Test
    void the_ledger_says_of_each_run_how_it_ended() {
        Job job = accept(anOrder().build());
        JobError busy = new JobError(ErrorKind.HANDLER, "busy");
        claim(job.id(), 1);
        end(RunRef.of(read(job.id())), Ending.retry(now, false, busy));
        queue(job.id());
        claim(job.id(), 3);
        end(RunRef.of(read(job.id())), Ending.notBegun(now));
        queue(job.id());
        claim(job.id(), 5);
        end(RunRef.of(read(job.id())), Ending.uncertain(busy));

        assertThat(runs(job.id()))
                .extracting(RunEntry::number, RunEntry::attempt, RunEntry::counts, RunEntry::outcome)
                .containsExactly(
                        tuple(1, 1, true, RunOutcome.RETRY),
                        tuple(2, 2, false, RunOutcome.NOT_BEGUN),
                        tuple(3, 2, true, RunOutcome.UNCERTAIN));
        assertThat(runs(job.id()).get(1).error()).isNull();
        assertThat(read(job.id()).error()).isEqualTo(busy);
        assertThat(read(job.id()).finishedAt()).isEqualTo(now);
    }

    /** What somebody else does to a job in between is never written over. */
    @Test
    void a_job_that_waits_is_queued_only_as_it_was_read() {
        Job later = accept(anOrder().notBefore(now.plusSeconds(1)).build());
        Standing read = standing(later.id());
        queue(later.id());

        boolean[] queued = opened.database().inTransaction(tx -> JobTable.queue(tx, List.of(read), now));

        assertThat(queued).containsExactly(false);
        assertThat(read(later.id()).fence()).isEqualTo(1);
    }

    @Test
    void what_outlived_its_time_is_found_while_it_is_queued() {
        Job brief = accept(anOrder().expireAfter(Duration.ofSeconds(5)).build());
        accept(anOrder().expireAfter(Duration.ofSeconds(9)).build());
        Job running = accept(anOrder().expireAfter(Duration.ofSeconds(5)).build());
        claim(running.id(), 1);

        assertThat(expired(now.plusSeconds(4))).isEmpty();
        assertThat(expired(now.plusSeconds(6))).containsExactly(brief.id());
    }

    @Test
    void progress_is_noted_of_the_run_that_is_going_on_and_of_no_other() {
        Job job = accept(anOrder().build());
        claim(job.id(), 1);

        note(new RunProgress(job.id(), 1, 10, "an earlier run"));
        assertThat(read(job.id()).progressPercent()).isNull();
        note(new RunProgress(job.id(), 2, 30, null));
        assertThat(read(job.id()).progressPercent()).isEqualTo(30);
        assertThat(read(job.id()).progressMessage()).isNull();
        end(RunRef.of(read(job.id())), Ending.succeeded(null));
        note(new RunProgress(job.id(), 2, 40, "too late"));

        assertThat(read(job.id()).progressPercent()).isEqualTo(30);
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

    /** However many large bodies are wanted, so many characters are read; of one body at least. */
    @Test
    void bodies_are_read_up_to_a_bound_in_the_order_in_which_they_are_wanted() {
        List<UUID> jobs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            jobs.add(accept(anOrder()
                            .body("\"" + "x".repeat(998) + "\"")
                            .extensions("{\"n\":" + i + "}")
                            .build())
                    .id());
        }
        Collections.reverse(jobs);

        assertThat(payloads(jobs, 3_500).keySet()).containsExactlyInAnyOrderElementsOf(jobs.subList(0, 3));
        assertThat(payloads(jobs, 3_000).keySet()).containsExactlyInAnyOrderElementsOf(jobs.subList(0, 3));
        assertThat(payloads(jobs, 10).keySet()).containsExactly(jobs.get(0));
        assertThat(payloads(jobs, 1_000_000)).hasSize(6);
        assertThat(payloads(jobs, 10).get(jobs.get(0)).extensions()).isEqualTo("{\"n\":5}");
        assertThat(payloads(List.of(Ids.next()), 10)).as("no such job").isEmpty();
        assertThat(payloads(List.of(), 10)).isEmpty();
    }

    /** So that no list, sweep or step that reads events by the hundred reads the bodies as well. */
    @Test
    void a_large_body_stands_apart_and_reads_back_as_it_was() {
        String small = "\"" + "x".repeat(8_190) + "\"";
        String large = "\"" + "é".repeat(8_191) + "\"";
        UUID inRow = accept(anOrder().body(small).build()).id();
        UUID apart =
                accept(anOrder().body(large).extensions("{\"n\":1}").build()).id();

        assertThat(payloads(List.of(inRow, apart), 1_000_000))
                .containsEntry(inRow, new JobTable.Payload(small, null))
                .containsEntry(apart, new JobTable.Payload(large, "{\"n\":1}"));
        List<UUID> withoutBody = opened.database()
                .inTransaction(
                        tx -> tx.query("SELECT id FROM event WHERE body IS NULL", row -> row.getObject(1, UUID.class)));
        assertThat(withoutBody).containsExactly(apart);
    }

    /** A chain is shown as a whole, so of its results only some. */
    @Test
    void of_a_chain_with_large_results_some_are_left_out_and_said_to_be() {
        Job first = accept(anOrder().build());
        String large = "\"" + "x".repeat((int) JobTable.MOST_RESULTS / 2 - 1_000) + "\"";
        succeed(first.id(), large);
        for (int i = 0; i < 3; i++) {
            succeed(accept(anOrder().emittedBy(first.id(), i).build()).id(), i == 2 ? "{}" : large);
        }

        List<Job> chain = opened.database().read(em -> JobTable.chain(em, first.id(), 10));

        assertThat(chain).hasSize(4);
        assertThat(chain.subList(0, 2)).extracting(Job::result).containsOnly(large);
        assertThat(chain.get(2).result()).contains("omitted").hasSizeLessThan(200);
        assertThat(read(chain.get(2).id()).result()).isEqualTo(large);
    }

    private void succeed(UUID job, String result) {
        claim(job, 1);
        assertThat(end(RunRef.of(read(job)), Ending.succeeded(result))).isTrue();
    }

    private Map<UUID, Payload> payloads(List<UUID> jobs, long most) {
        return opened.database().inTransaction(tx -> JobTable.payloads(tx, jobs, most));
    }

    /** The database holds the invariants as well: each of these would be a row that no code may write. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "state = 'NONSENSE'",
                "state = 'WAITING'",
                "state = 'RUNNING'",
                "state = 'SUCCEEDED'",
                "state = 'FAILED', finished_at = expires_at",
                "owner = job",
                "due_at = expires_at",
                "waiting_for = 'TIME'",
                "finished_at = expires_at",
                "fence = 0",
                "attempt = 1"
            })
    void an_impossible_row_is_refused_by_the_database(String change) {
        Job job = accept(anOrder().build());

        assertThatThrownBy(() -> opened.database()
                        .inTransaction(tx -> tx.update("UPDATE job_state SET " + change + " WHERE job = ?", job.id())))
                .isInstanceOf(DataRefusedException.class)
                .hasStackTraceContaining("job_");
    }

    private boolean insert(JobOrder order) {
        return opened.database().inTransaction(tx -> JobTable.insertIfAbsent(tx, List.of(new NewJob(order, now)))[0]);
    }

    private Job accept(JobOrder order) {
        assertThat(insert(order)).isTrue();
        return read(order.id());
    }

    private boolean claim(UUID job, long fence) {
        return opened.database()
                .inTransaction(tx -> JobTable.claim(tx, List.of(new Claim(job, fence, me, "node-1", now)))[0]);
    }

    private boolean end(RunRef run, Ending ending) {
        return opened.database()
                .inTransaction(tx -> ExitTable.leave(
                        tx, List.of(new Exit(run.job(), JobState.RUNNING, run.fence(), run, ending, null, now)))[0]);
    }

    private Standing standing(UUID job) {
        return opened.database()
                .inTransaction(tx -> Standing.read(tx, List.of(job)).get(0));
    }

    private boolean[] queue(UUID job) {
        return opened.database().inTransaction(tx -> JobTable.queue(tx, Standing.read(tx, List.of(job)), now));
    }

    private void note(RunProgress progress) {
        opened.database().inTransaction(tx -> {
            JobTable.progress(tx, List.of(progress));
            return null;
        });
    }

    private List<UUID> expired(Instant at) {
        return opened.database().inTransaction(tx -> JobTable.lockExpired(tx, at, 10));
    }

    private List<Running> runningOf(UUID owner) {
        return opened.database().inTransaction(tx -> JobTable.runningOf(tx, owner, 10));
    }

    private Job read(UUID id) {
        return opened.database().read(em -> JobTable.find(em, id)).orElseThrow();
    }

    private List<RunEntry> runs(UUID job) {
        return opened.database().read(em -> JobTable.runs(em, read(job), 0, 500));
    }

    private List<UUID> due(Instant at) {
        return opened.database().inTransaction(tx -> JobTable.lockDue(tx, at, 10));
    }

    private List<UUID> orphans() {
        return opened.database().inTransaction(tx -> JobTable.orphans(tx, 10));
    }
}
