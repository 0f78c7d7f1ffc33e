package azukari.dispatch;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.database.Database;
import azukari.database.Gate;
import azukari.dispatch.ClaimStep.Answer;
import azukari.dispatch.ClaimStep.Claimed;
import azukari.dispatch.ClaimStep.Wanted;
import azukari.effect.Done;
import azukari.job.Ending;
import azukari.job.ErrorKind;
import azukari.job.Family;
import azukari.job.Job;
import azukari.job.JobError;
import azukari.job.JobOrder;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.JobTable.Claim;
import azukari.job.JobTable.RunProgress;
import azukari.job.RunRef;
import azukari.node.Nodes;
import azukari.notify.Notice;
import azukari.outbox.Outbox.Pending;
import azukari.platform.Ids;
import azukari.testing.CountingSource;
import azukari.testing.HeldStep;
import azukari.testing.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Many claims, and many finishes, in one transaction, on each database. */
@ParameterizedClass
@EnumSource(Store.class)
class GroupedStepsTest {
    private static final JobError ERROR = new JobError(ErrorKind.INTERRUPTED, "cut off by the test");

    @Parameter
    private Store store;

    private Bench bench;
    private CountingSource counting;
    private Database database;
    private Gate gate;
    /** The sizes of the groups, each a transaction, that the last claims or finishes were run in. */
    private List<Integer> groups;

    @BeforeEach
    void open() {
        bench = new Bench(store);
        counting = new CountingSource(bench.store.source());
        database = new Database(counting.source());
        gate = new Gate(database);
    }

    @AfterEach
    void close() {
        database.close();
        bench.close();
    }

    @Test
    void claims_take_one_statement_whatever_their_number() {
        List<Job> jobs = accepted(20);

        List<Claimed> mine =
                claim(jobs.stream().map(job -> claimOf(job.id(), 1)).toList());

        assertThat(mine).hasSize(20).containsOnly(Claimed.NOW);
        assertThat(counting.statements()).hasSize(1);
        assertThat(groups).containsExactly(20);
        assertThat(jobs)
                .allSatisfy(job -> assertThat(bench.read(job.id()).state()).isEqualTo(JobState.RUNNING));
    }

    @Test
    void rule_15_lost_claims_are_read_back_together_and_each_gets_its_own_answer() {
        Job fresh = accepted(1).get(0);
        Job mineAlready = accepted(1).get(0);
        Job somebodyElses = accepted(1).get(0);
        Job later = accepted(1).get(0);
        bench.claim(mineAlready);
        bench.claim(somebodyElses, new Incarnation(Ids.next(), "node-2"));

        List<Claimed> mine = claim(List.of(
                claimOf(somebodyElses.id(), 1),
                claimOf(fresh.id(), 1),
                claimOf(mineAlready.id(), 1),
                claimOf(later.id(), 3),
                claimOf(Ids.next(), 1)));

        assertThat(mine).containsExactly(Claimed.NOT, Claimed.NOW, Claimed.BEFORE, Claimed.NOT, Claimed.NOT);
        assertThat(counting.statements()).hasSize(2);
        assertThat(bench.read(later.id()).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void rule_23_a_retired_incarnation_claims_nothing_and_is_told_so() {
        Job job = accepted(1).get(0);
        UUID retired = Ids.next();

        assertThat(claim(List.of(new Claim(job.id(), 1, retired, "node-1", bench.clock.instant()))))
                .containsExactly(Claimed.REFUSED);

        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.QUEUED);
        assertThat(bench.read(job.id()).fence()).isEqualTo(1);
        assertThat(claim(List.of(claimOf(job.id(), 1)))).containsExactly(Claimed.NOW);
    }

    @Test
    void two_messages_about_one_job_in_one_group_claim_it_once() {
        Job job = accepted(1).get(0);

        List<Claimed> mine = claim(List.of(claimOf(job.id(), 2), claimOf(job.id(), 1), claimOf(job.id(), 3)));

        assertThat(mine).containsExactly(Claimed.NOT, Claimed.NOW, Claimed.NOT);
        assertThat(bench.read(job.id()).run()).isEqualTo(1);
    }

    @Test
    void finishes_take_one_statement_and_more_only_for_what_follows_from_them() {
        List<RunRef> plain = running(20);
        finish(plain.stream()
                .map(run -> finish(run, verdict(Ending.succeeded(null))))
                .toList());
        assertThat(counting.statements()).as("jobs").hasSize(1);
        assertThat(groups).containsExactly(20);

        List<RunRef> failing = running(20);
        counting.reset();
        finish(failing.stream()
                .map(run -> finish(run, verdict(Ending.failed(ERROR))))
                .toList());
        assertThat(counting.statements()).as("jobs, ledger").hasSize(2);

        List<RunRef> more = running(10);
        counting.reset();
        finish(more.stream()
                .map(run -> finish(
                        run,
                        new Verdict(Ending.succeeded("{}"), List.of(follow(run), follow(run, 1)), List.of(notice()))))
                .toList());

        assertThat(counting.statements())
                .as("jobs, results, notifications, emitted jobs and their states, outbox")
                .hasSize(6);
        assertThat(groups).containsExactly(10);
    }

    @Test
    void fan_outs_take_one_statement_more_whatever_their_number() {
        List<RunRef> runs = running(10);
        counting.reset();

        Ending ending = Ending.fannedOut(bench.clock.instant().plus(Duration.ofDays(1)));

        finish(runs.stream()
                .map(run -> finish(run, new Verdict(ending, List.of(follow(run), follow(run, 1)), List.of())))
                .toList());

        assertThat(counting.texts())
                .filteredOn(text -> text.contains("SET children ="))
                .hasSize(1);
        assertThat(runs)
                .extracting(run -> bench.read(run.job()).family())
                .isEqualTo(
                        runs.stream().map(run -> new Family(run.job(), 2, 0, 0)).toList());
    }

    @Test
    void each_run_gets_what_follows_from_it_and_no_other() {
        List<RunRef> runs = running(4);
        RunRef late = new RunRef(runs.get(1).job(), 1, bench.me.id(), "node-1", 1, 1, bench.clock.instant());
        List<Leaving> finishes = List.of(
                finish(
                        runs.get(0),
                        new Verdict(Ending.succeeded("1"), List.of(follow(runs.get(0))), List.of(notice()))),
                finish(late, new Verdict(Ending.succeeded("2"), List.of(follow(late)), List.of(notice()))),
                finish(runs.get(2), verdict(Ending.interrupted(false, ERROR, bench.clock.instant()))),
                finish(
                        runs.get(3),
                        new Verdict(
                                Ending.failed(ERROR),
                                List.of(follow(runs.get(3)), follow(runs.get(3), 1)),
                                List.of())));

        List<Done<Boolean>> finished = finish(finishes);

        assertThat(finished).extracting(Done::value).containsExactly(true, false, true, true);
        assertThat(finished.get(0).effects().messages())
                .extracting(p -> p.envelope().event().parent())
                .containsExactly(runs.get(0).job());
        assertThat(finished.get(1).effects().messages()).isEmpty();
        assertThat(finished.get(2).effects().messages()).singleElement().satisfies(again -> {
            assertThat(again.envelope().job()).isEqualTo(runs.get(2).job());
            assertThat(again.envelope().fence()).isEqualTo(3);
            assertThat(bench.read(again.envelope().job()).fence()).isEqualTo(3);
        });
        assertThat(finished.get(3).effects().messages())
                .extracting(p -> p.envelope().event().parent())
                .containsExactly(runs.get(3).job(), runs.get(3).job());
        assertThat(states(runs))
                .containsExactly(JobState.SUCCEEDED, JobState.RUNNING, JobState.QUEUED, JobState.FAILED);
        assertThat(bench.runsOf(bench.read(late.job()))).isEmpty();
        for (Pending pending : finished.stream()
                .flatMap(one -> one.effects().messages().stream())
                .toList()) {
            assertThat(bench.outboxOf(bench.read(pending.envelope().job())))
                    .contains(pending.envelope().fence());
        }
    }

    @Test
    void two_ends_of_one_run_in_one_group_end_it_once_and_the_first_to_come_wins() {
        RunRef run = running(1).get(0);

        List<Done<Boolean>> finished = finish(List.of(
                finish(run, verdict(Ending.succeeded("1"))),
                finish(run, verdict(Ending.interrupted(false, ERROR, bench.clock.instant()))),
                finish(run, verdict(Ending.succeeded("1")))));

        assertThat(finished).extracting(Done::value).containsExactly(true, false, false);
        assertThat(bench.read(run.job()).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(bench.runsOf(bench.read(run.job()))).hasSize(1);
    }

    @Test
    void the_last_word_on_progress_is_stored_with_the_end_and_else_what_was_stored_stays() {
        List<RunRef> runs = running(3);
        for (RunRef run : runs) {
            bench.store.database().inTransaction(tx -> {
                JobTable.progress(tx, List.of(new RunProgress(run.job(), run.fence(), 40, "before")));
                return null;
            });
        }

        finish(List.of(
                finish(runs.get(0), verdict(Ending.succeeded(null))),
                withProgress(runs.get(1), new ProgressNote(100, "done")),
                withProgress(runs.get(2), new ProgressNote(90, null))));

        assertThat(runs)
                .extracting(run -> bench.read(run.job()))
                .extracting(job -> job.progressPercent() + " " + job.progressMessage())
                .containsExactly("40 before", "100 done", "90 null");
        assertThat(counting.statements()).hasSize(1);
    }

    @Test
    void an_end_that_can_not_be_stored_fails_alone() {
        List<RunRef> runs = running(3);
        Verdict tooLong = new Verdict(
                Ending.succeeded(null),
                List.of(),
                List.of(new Notice(Ids.next(), "X".repeat(65), null, "s", "SUCCEEDED", null, null)));

        List<CompletableFuture<Done<List<Boolean>>>> finished = new HeldStep<>(new ExitStep())
                .runAsGroup(
                        gate,
                        List.of(
                                List.of(finish(runs.get(0), verdict(Ending.succeeded(null)))),
                                List.of(finish(runs.get(1), tooLong)),
                                List.of(finish(runs.get(2), verdict(Ending.succeeded(null))))));

        assertThat(finished.get(0).join().value()).containsExactly(true);
        assertThat(finished.get(1)).failsWithin(Duration.ofSeconds(10));
        assertThat(finished.get(2).join().value()).containsExactly(true);
        assertThat(states(runs)).containsExactly(JobState.SUCCEEDED, JobState.RUNNING, JobState.SUCCEEDED);
    }

    /** Rule 15: groups of two nodes that meet on the same jobs, in opposite orders, never wait in a circle: nothing is run again here. */
    @Test
    void rule_15_two_nodes_with_crossing_claims_win_each_job_once_and_without_a_deadlock() throws Exception {
        ExecutorService nodes = Executors.newFixedThreadPool(2);
        UUID other = Ids.next();
        Nodes.put(bench.store.database(), "node-2", Ids.next(), other);
        try {
            for (int round = 0; round < 20; round++) {
                List<Job> jobs = accepted(40);
                List<Job> reversed = new ArrayList<>(jobs);
                Collections.reverse(reversed);
                CountDownLatch start = new CountDownLatch(1);
                Future<List<Boolean>> first = nodes.submit(() -> claimAs(start, bench.me.id(), jobs));
                Future<List<Boolean>> second = nodes.submit(() -> claimAs(start, other, reversed));
                start.countDown();
                List<Boolean> there = new ArrayList<>(second.get(30, TimeUnit.SECONDS));
                Collections.reverse(there);
                List<Boolean> here = first.get(30, TimeUnit.SECONDS);
                assertThat(IntStream.range(0, 40).filter(i -> here.get(i).equals(there.get(i))))
                        .isEmpty();
            }
        } finally {
            nodes.shutdownNow();
        }
    }

    private List<Boolean> claimAs(CountDownLatch start, UUID owner, List<Job> jobs) throws InterruptedException {
        start.await();
        List<Wanted> claims = jobs.stream()
                .map(job -> new Wanted(new Claim(job.id(), 1, owner, "node", bench.clock.instant()), false))
                .toList();
        return bench
                .store
                .database()
                .inTransaction(tx -> new ClaimStep().run(tx, List.of(claims)))
                .get(0)
                .value()
                .stream()
                .map(answer -> answer.claimed() == Claimed.NOW)
                .toList();
    }

    private List<Job> accepted(int count) {
        return bench.accept(
                IntStream.range(0, count).mapToObj(i -> anOrder().build()).toList());
    }

    private List<RunRef> running(int count) {
        return accepted(count).stream().map(bench::claim).toList();
    }

    private Claim claimOf(UUID job, long fence) {
        return new Claim(job, fence, bench.me.id(), bench.me.node(), bench.clock.instant());
    }

    /** Each claim is a unit of its own. */
    private List<Claimed> claim(List<Claim> claims) {
        HeldStep<List<Wanted>, Done<List<Answer>>> step = new HeldStep<>(new ClaimStep());
        List<Claimed> claimed =
                step
                        .runAsGroup(
                                gate,
                                claims.stream()
                                        .map(claim -> List.of(new Wanted(claim, false)))
                                        .toList())
                        .stream()
                        .map(CompletableFuture::join)
                        .map(done -> done.value().get(0).claimed())
                        .toList();
        groups = step.sizes();
        return claimed;
    }

    private Leaving finish(RunRef run, Verdict verdict) {
        return leaving(run, verdict, null);
    }

    private Leaving withProgress(RunRef run, ProgressNote note) {
        return leaving(run, verdict(Ending.succeeded(null)), note);
    }

    private Leaving leaving(RunRef run, Verdict verdict, ProgressNote note) {
        return new Leaving(bench.workOf(bench.read(run.job())), run, verdict, note, bench.clock.instant());
    }

    /** Each end is a unit of its own. */
    private List<Done<Boolean>> finish(List<Leaving> finishes) {
        HeldStep<List<Leaving>, Done<List<Boolean>>> step = new HeldStep<>(new ExitStep());
        List<Done<Boolean>> finished = step
                .runAsGroup(gate, finishes.stream().map(List::of).toList())
                .stream()
                .map(CompletableFuture::join)
                .map(done -> new Done<>(done.value().get(0), done.effects()))
                .toList();
        groups = step.sizes();
        return finished;
    }

    private static Verdict verdict(Ending ending) {
        return new Verdict(ending, List.of(), List.of());
    }

    private static JobOrder follow(RunRef run) {
        return follow(run, 0);
    }

    private static JobOrder follow(RunRef run, int ordinal) {
        return anOrder().emittedBy(run.job(), ordinal).build();
    }

    private static Notice notice() {
        return new Notice(Ids.next(), "NOOP", null, "tester", "SUCCEEDED", null, null);
    }

    private List<JobState> states(List<RunRef> runs) {
        return runs.stream().map(run -> bench.read(run.job()).state()).toList();
    }
}
