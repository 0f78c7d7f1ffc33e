package azukari.dispatch;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import azukari.catalog.Rate;
import azukari.handler.Outcome;
import azukari.job.ErrorKind;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.RunOutcome;
import azukari.notify.Notice;
import azukari.outbox.Envelope;
import azukari.platform.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many jobs on one message: what holds for one job holds for each of them. */
class PackRunnerTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private LaneBench lane = new LaneBench(NEVER);

    @AfterEach
    void close() {
        lane.close();
    }

    @Test
    void a_pack_is_claimed_in_one_transaction_and_finished_in_one() {
        Job[] jobs = {lane.job("WORK"), lane.job("ONCE"), lane.job("ASKED"), lane.job("BRIEF"), lane.job("WORK")};
        int before = lane.faults.commits();

        lane.dispatch(jobs);

        assertThat(lane.faults.commits() - before).isEqualTo(2);
        assertThat(jobs).allSatisfy(job -> {
            assertThat(lane.now(job).state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(lane.calls(job)).containsExactly(1);
        });
        assertThat(lane.bench.activeRuns.count()).isZero();
    }

    @Test
    void what_befalls_one_job_of_a_pack_concerns_no_other() {
        Job fails = lane.job("WORK");
        Job throwing = lane.job("WORK");
        Job timesOut = lane.job("BRIEF");
        Job cutOff = lane.job("ONCE");
        Job cancelled = lane.job("WORK");
        Job silent = lane.job("WORK");
        Job good = lane.job("WORK");
        Job last = lane.job("WORK");
        lane.script(fails, (body, run) -> Outcome.failed("no"));
        lane.script(throwing, (body, run) -> {
            throw new AssertionError("whatever it is");
        });
        lane.script(timesOut, (body, run) -> {
            new CountDownLatch(1).await();
            return Outcome.succeeded();
        });
        lane.script(cutOff, (body, run) -> {
            lane.bench.operations.cancel(run.jobId());
            new CountDownLatch(1).await();
            return Outcome.succeeded();
        });
        lane.script(silent, (body, run) -> null);
        lane.script(good, (body, run) -> {
            lane.bench.operations.cancel(cancelled.id());
            return Outcome.succeeded();
        });

        lane.dispatch(good, fails, throwing, timesOut, cutOff, cancelled, silent, last);

        assertThat(List.of(good, fails, throwing, timesOut, cutOff, cancelled, silent, last))
                .extracting(job -> lane.now(job).state())
                .containsExactly(
                        JobState.SUCCEEDED,
                        JobState.FAILED,
                        JobState.WAITING,
                        JobState.WAITING,
                        JobState.UNCERTAIN,
                        JobState.CANCELLED,
                        JobState.FAILED,
                        JobState.SUCCEEDED);
        assertThat(lane.now(timesOut).error().kind()).isEqualTo(ErrorKind.TIMEOUT);
        assertThat(lane.calls(cancelled)).as("its handler was never called").isEmpty();
        assertThat(lane.ledger(cancelled)).containsExactly(RunOutcome.CANCELLED);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void rule_22_an_outcome_that_can_not_be_stored_fails_its_own_job_alone() {
        Job before = lane.job("WORK");
        Job refused = lane.job("WORK");
        Job after = lane.job("WORK");
        lane.script(refused, (body, run) -> Outcome.succeeded()
                .tell(new Notice(Ids.next(), "X".repeat(65), null, "tester", "SUCCEEDED", null, null)));

        lane.dispatch(before, refused, after);

        assertThat(List.of(before, refused, after))
                .extracting(job -> lane.now(job).state())
                .containsExactly(JobState.SUCCEEDED, JobState.FAILED, JobState.SUCCEEDED);
        assertThat(lane.now(refused).error().message()).contains("cannot be stored");
    }

    @Test
    void an_expired_entry_and_a_stale_one_concern_no_other() {
        Job expired = lane.bench.accept(
                anOrder().code("WORK").expireAfter(Duration.ofSeconds(1)).build());
        Job stale = lane.job("WORK");
        Job elsewhere = lane.job("WORK");
        Job good = lane.job("WORK");
        List<Envelope> pack = lane.bench.packOf(List.of(expired, stale, elsewhere, good));
        lane.bench.claim(stale);
        lane.bench.exits.interrupt(lane.now(stale), "a test");
        lane.bench.claim(elsewhere, new Incarnation(Ids.next(), "node-2"));
        lane.bench.clock.advance(Duration.ofSeconds(2));

        lane.dispatcher().dispatch(pack);

        assertThat(lane.now(expired).error().kind()).isEqualTo(ErrorKind.EXPIRED);
        assertThat(lane.now(stale).state()).isEqualTo(JobState.QUEUED);
        assertThat(lane.now(stale).fence()).isEqualTo(3);
        assertThat(lane.now(elsewhere).state()).isEqualTo(JobState.RUNNING);
        assertThat(lane.now(good).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(List.of(expired, stale, elsewhere))
                .allSatisfy(job -> assertThat(lane.calls(job)).isEmpty());
    }

    @Test
    void a_pack_of_limited_jobs_has_its_time_from_the_first_slot_on() {
        breakUpAfter(Duration.ofMillis(20));
        Job[] jobs = lane.limited("200/s", 3);
        lane.nextSlotIn(Duration.ofMillis(80));

        lane.dispatch(jobs);

        assertThat(jobs).allSatisfy(job -> assertThat(lane.ledger(job)).containsExactly(RunOutcome.SUCCEEDED));
        assertThat(lane.bench.times.expected("WORK"))
                .as("waiting for a slot does not count, in nanoseconds")
                .isLessThan(20e6);
    }

    @Test
    void a_pack_of_limited_jobs_that_is_broken_up_gives_their_slots_back() throws Exception {
        breakUpAfter(Duration.ofMillis(20));
        CountDownLatch release = new CountDownLatch(1);
        Job[] jobs = lane.limited("200/s", 3);
        lane.script(jobs[0], (body, run) -> {
            release.await();
            return Outcome.succeeded();
        });
        Instant first = lane.nextSlotIn(Duration.ofMillis(30));

        Future<?> slow = lane.send(jobs);

        await().untilAsserted(() -> assertThat(List.of(jobs[1], jobs[2]))
                .allSatisfy(job -> assertThat(lane.ledger(job)).containsExactly(RunOutcome.NOT_BEGUN)));
        assertThat(lane.nextSlot())
                .as("an interval after the slot that was made use of")
                .isEqualTo(first.plus(Rate.parse("200/s").interval()));
        assertThat(List.of(jobs[1], jobs[2]))
                .allSatisfy(job -> assertThat(lane.now(job).state()).isEqualTo(JobState.WAITING));
        release.countDown();
        slow.get(10, TimeUnit.SECONDS);
        assertThat(lane.now(jobs[0]).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void a_pack_with_a_slow_job_is_broken_up_and_the_slow_one_goes_on_alone() throws Exception {
        breakUpAfter(Duration.ofMillis(20));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Job slow = lane.job("WORK");
        Job rerun = lane.job("WORK");
        Job once = lane.job("ONCE");
        lane.script(slow, (body, run) -> {
            begun.countDown();
            release.await();
            return Outcome.succeeded();
        });
        List<Envelope> message = lane.bench.packOf(List.of(slow, rerun, once));

        Future<?> sent = lane.send(slow, rerun, once);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        await().until(() -> lane.now(once).state() == JobState.QUEUED);

        for (Job job : List.of(rerun, once)) {
            Job queued = lane.now(job);
            assertThat(queued.state()).isEqualTo(JobState.QUEUED);
            assertThat(queued.fence()).as("a new one").isEqualTo(3);
            assertThat(queued.attempt()).isZero();
            assertThat(queued.doubtful()).isFalse();
            assertThat(lane.ledger(job)).containsExactly(RunOutcome.NOT_BEGUN);
            assertThat(lane.ledger(job, run -> run.counts())).containsExactly(false);
            assertThat(lane.bench.outboxOf(job)).contains(3L);
        }
        assertThat(lane.now(slow).state()).isEqualTo(JobState.RUNNING);
        assertThat(sent.isDone()).isFalse();
        lane.send(lane.now(once)).get(10, TimeUnit.SECONDS);
        assertThat(lane.now(once).state()).as("by its new message").isEqualTo(JobState.SUCCEEDED);
        release.countDown();
        sent.get(10, TimeUnit.SECONDS);
        assertThat(lane.now(slow).state()).isEqualTo(JobState.SUCCEEDED);
        lane.dispatcher().dispatch(message);
        assertThat(lane.calls(slow)).containsExactly(1);
        assertThat(lane.calls(once)).containsExactly(2);
        assertThat(lane.calls(rerun)).as("the old message is out of date").isEmpty();
        assertThat(lane.bench.activeRuns.count()).isZero();
    }

    @Test
    void what_has_ended_is_committed_while_the_slow_one_still_runs() throws Exception {
        breakUpAfter(Duration.ofMillis(500)); // Time enough to end the quick one before.
        CountDownLatch release = new CountDownLatch(1);
        Job quick = lane.job("ONCE");
        Job slow = lane.job("WORK");
        lane.script(slow, (body, run) -> {
            release.await();
            return Outcome.succeeded();
        });

        Future<?> sent = lane.send(quick, slow);
        await().until(() -> lane.now(quick).state() == JobState.SUCCEEDED);

        assertThat(lane.now(slow).state()).isEqualTo(JobState.RUNNING);
        release.countDown();
        sent.get(10, TimeUnit.SECONDS);
        assertThat(lane.now(slow).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(lane.calls(quick)).containsExactly(1);
    }

    @Test
    void a_dispatch_returns_only_when_the_break_up_is_committed_however_long_the_database_is_away() throws Exception {
        breakUpAfter(Duration.ofMillis(200));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Job quick = lane.job("WORK");
        Job slow = lane.job("ONCE");
        Job waiting = lane.job("ONCE");
        lane.script(slow, (body, run) -> {
            lane.faults.goAway();
            begun.countDown();
            release.await();
            return Outcome.succeeded();
        });

        Future<?> sent = lane.send(quick, slow, waiting);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        assertGoesOn(sent);
        release.countDown();
        assertGoesOn(sent);
        assertThat(lane.now(waiting).state()).isEqualTo(JobState.RUNNING);
        lane.faults.comeBack();
        sent.get(10, TimeUnit.SECONDS);

        assertThat(lane.now(quick).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(lane.now(slow).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(lane.now(waiting).state()).isEqualTo(JobState.QUEUED);
        assertThat(lane.ledger(waiting)).containsExactly(RunOutcome.NOT_BEGUN);
        assertThat(lane.calls(waiting)).isEmpty();
    }

    @Test
    void an_interrupted_lane_keeps_its_message_until_the_break_up_is_committed() throws Exception {
        breakUpAfter(Duration.ofMillis(20));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        Job slow = lane.job("WORK");
        Job waiting = lane.job("ONCE");
        lane.script(slow, (body, run) -> {
            threads.add(Thread.currentThread());
            lane.faults.goAway();
            begun.countDown();
            release.await();
            return Outcome.succeeded();
        });
        Future<?> sent = lane.send(slow, waiting);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        assertGoesOn(sent);
        release.countDown();
        await().until(() -> threads.get(0).getState() == Thread.State.TIMED_WAITING
                || threads.get(0).getState() == Thread.State.WAITING);

        threads.get(0).interrupt();

        assertGoesOn(sent);
        lane.faults.comeBack();
        await().until(() -> sent.isDone());
        assertThat(lane.now(waiting).state()).isEqualTo(JobState.QUEUED);
        assertThat(lane.ledger(waiting)).containsExactly(RunOutcome.NOT_BEGUN);
    }

    @Test
    void a_pack_whose_claims_answer_is_lost_goes_on() {
        Job[] jobs = {lane.job("WORK"), lane.job("ONCE"), lane.job("WORK")};
        lane.faults.loseAnswer();

        lane.dispatch(jobs);

        assertThat(jobs).allSatisfy(job -> {
            assertThat(lane.now(job).state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(lane.now(job).run()).isEqualTo(1);
            assertThat(lane.calls(job)).containsExactly(1);
        });
    }

    @Test
    void a_pack_whose_finishs_answer_is_lost_ends_once() {
        Job[] jobs = {lane.job("WORK"), lane.job("ONCE"), lane.job("WORK")};
        lane.script(jobs[2], (body, run) -> {
            lane.faults.loseAnswer();
            return Outcome.failed("no");
        });

        lane.dispatch(jobs);

        assertThat(jobs)
                .extracting(job -> lane.now(job).state())
                .containsExactly(JobState.SUCCEEDED, JobState.SUCCEEDED, JobState.FAILED);
        assertThat(lane.ledger(jobs[2])).containsExactly(RunOutcome.FAILED);
        assertThat(jobs).allSatisfy(job -> assertThat(lane.calls(job)).containsExactly(1));
    }

    @Test
    void a_database_that_is_away_between_two_runs_loses_nothing() throws Exception {
        Job first = lane.job("WORK");
        Job second = lane.job("ONCE");
        lane.script(first, (body, run) -> {
            lane.faults.goAway();
            return Outcome.succeeded();
        });

        Future<?> sent = lane.send(first, second);
        await().until(() -> lane.calls(second).size() == 1);
        assertGoesOn(sent);
        lane.faults.comeBack();
        sent.get(10, TimeUnit.SECONDS);

        assertThat(List.of(first, second)).allSatisfy(job -> {
            assertThat(lane.now(job).state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(lane.calls(job)).containsExactly(1);
        });
    }

    private static void assertGoesOn(Future<?> sent) {
        assertThatThrownBy(() -> sent.get(400, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
    }

    private void breakUpAfter(Duration longest) {
        lane.close();
        lane = new LaneBench(longest);
    }
}
