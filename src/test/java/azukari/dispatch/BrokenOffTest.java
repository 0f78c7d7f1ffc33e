package azukari.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import azukari.handler.Outcome;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.RunOutcome;
import azukari.node.Nodes;
import azukari.outbox.Envelope;
import azukari.platform.Ids;
import azukari.recovery.Rescuer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A message that this process gave up with half of its work done, and its next delivery. */
class BrokenOffTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private LaneBench lane = new LaneBench(NEVER);

    @AfterEach
    void close() {
        lane.close();
    }

    /** The handler may have had its effect, so a second call under the same run number is out of the question. */
    @Test
    void a_run_that_was_begun_goes_through_on_crash_at_the_next_delivery_and_never_to_the_handler_again()
            throws Exception {
        Job rerun = lane.job("WORK");
        Job once = lane.job("ONCE");
        Job asked = lane.job("ASKED");
        List<Envelope> message = lane.bench.packOf(List.of(rerun, once, asked));
        breakOff(asked, rerun, once, asked);

        lane.dispatcher().dispatch(message);

        assertThat(List.of(rerun, once, asked))
                .extracting(job -> lane.now(job).state())
                .containsExactly(JobState.QUEUED, JobState.UNCERTAIN, JobState.QUEUED);
        assertThat(lane.now(asked).doubtful()).isTrue();
        assertThat(lane.ledger(rerun)).containsExactly(RunOutcome.INTERRUPTED);
        assertThat(List.of(rerun, once, asked))
                .allSatisfy(job -> assertThat(lane.calls(job)).containsExactly(1));
    }

    @Test
    void a_run_that_was_begun_is_not_given_back_as_new_when_its_pack_is_broken_up() throws Exception {
        lane.close();
        lane = new LaneBench(Duration.ofMillis(20));
        Job once = lane.job("ONCE");
        Job fresh = lane.job("ONCE");
        Job slow = lane.job("WORK");
        List<Envelope> message = lane.bench.packOf(List.of(slow, once, fresh));
        breakOff(once, once);
        CountDownLatch release = new CountDownLatch(1);
        lane.script(slow, (body, run) -> {
            release.await();
            return Outcome.succeeded();
        });

        Thread dispatching = new Thread(() -> lane.dispatcher().dispatch(message));
        dispatching.start();
        await().until(() -> lane.now(once).state() != JobState.RUNNING);
        release.countDown();
        dispatching.join();

        assertThat(lane.now(once).state()).isEqualTo(JobState.UNCERTAIN);
        assertThat(lane.now(fresh).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void a_run_that_was_begun_is_in_doubt_also_when_it_is_cancelled_before_its_turn() throws Exception {
        Job once = lane.job("ONCE");
        Job other = lane.job("WORK");
        List<Envelope> message = lane.bench.packOf(List.of(other, once));
        breakOff(once, once);
        lane.script(other, (body, run) -> {
            lane.bench.operations.cancel(once.id());
            return Outcome.succeeded();
        });

        lane.dispatcher().dispatch(message);

        assertThat(lane.now(once).state()).isEqualTo(JobState.UNCERTAIN);
    }

    /** Until then, what the first delivery has done is not known, and what it has not begun may be run. */
    @Test
    void what_was_claimed_and_not_begun_is_run_by_the_next_delivery() {
        Job once = lane.job("ONCE");
        lane.bench.claim(once); // As by a delivery that ended right after it.

        lane.dispatch(once);

        assertThat(lane.now(once).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(lane.calls(once)).containsExactly(1);
    }

    @Test
    void a_begun_run_without_a_message_goes_through_on_crash_and_one_that_was_not_begun_is_queued_again()
            throws Exception {
        Job begun = lane.job("ONCE");
        Job claimed = lane.job("ONCE");
        breakOff(begun, begun);
        lane.bench.claim(claimed);
        Rescuer rescuer = new Rescuer(
                lane.bench.database,
                lane.bench.exits,
                lane.bench.activeRuns,
                new Suspects(lane.bench.exits, lane.bench.clock),
                lane.bench.clock);

        rescuer.compareOwn(lane.bench.me);

        assertThat(lane.now(begun).state()).isEqualTo(JobState.UNCERTAIN);
        assertThat(lane.now(claimed).state()).isEqualTo(JobState.QUEUED);
        assertThat(lane.now(claimed).attempt()).isZero();
        assertThat(lane.ledger(claimed)).containsExactly(RunOutcome.NOT_BEGUN);
    }

    @Test
    void a_claim_that_commits_when_the_lanes_have_closed_goes_back_whatever_on_crash_says() {
        Job once = lane.job("ONCE");
        Job asked = lane.job("ASKED");
        Job rerun = lane.job("WORK");
        lane.faults.afterCommit(lane.claiming::drain);

        lane.dispatch(once, asked, rerun);

        assertThat(List.of(once, asked, rerun)).allSatisfy(job -> {
            assertThat(lane.now(job).state()).isEqualTo(JobState.QUEUED);
            assertThat(lane.now(job).attempt()).isZero();
            assertThat(lane.now(job).doubtful()).isFalse();
            assertThat(lane.ledger(job)).containsExactly(RunOutcome.NOT_BEGUN);
            assertThat(lane.calls(job)).isEmpty();
        });
    }

    /** While the first delivery waits before its claim, its connection is replaced: the second one is the only message. */
    @Test
    void a_second_delivery_is_kept_while_the_first_may_yet_give_up() throws Exception {
        Job job = lane.job("WORK");
        lane.faults.goAway();
        Future<?> first = lane.send(job, lane.job("WORK"));
        await().until(() -> lane.bench.activeRuns.count() == 2);

        assertThatThrownBy(() -> lane.dispatch(job)).isInstanceOf(RedeliverException.class);

        first.cancel(true); // It gives up.
        await().until(() -> lane.bench.activeRuns.count() == 0);
        lane.faults.comeBack();
        lane.dispatch(job);
        assertThat(lane.now(job).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void of_a_second_delivery_only_what_nobody_is_at_is_run_and_all_of_it_comes_again() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Job busy = lane.job("WORK");
        Job free = lane.job("WORK");
        lane.script(busy, (body, run) -> {
            release.await();
            return Outcome.succeeded();
        });
        Future<?> first = lane.send(busy);
        await().until(() -> lane.calls(busy).size() == 1);

        assertThatThrownBy(() -> lane.dispatch(busy, free)).isInstanceOf(RedeliverException.class);

        assertThat(lane.now(free).state()).isEqualTo(JobState.SUCCEEDED);
        release.countDown();
        first.get(10, TimeUnit.SECONDS);
        lane.dispatch(lane.now(busy), lane.now(free));
        assertThat(lane.calls(busy)).containsExactly(1);
        assertThat(lane.calls(free)).containsExactly(1);
    }

    /** Rule 23: the job is QUEUED still, and this may be its only message. */
    @Test
    void rule_23_a_retired_incarnation_claims_nothing_and_keeps_the_message_for_its_next_life() {
        Job once = lane.job("ONCE");
        Job other = lane.job("WORK");
        Incarnation next = new Incarnation(Ids.next(), "node-1");
        Nodes.put(lane.bench.store.database(), "node-1", Ids.next(), next.id());

        assertThatThrownBy(() -> lane.dispatch(once, other)).isInstanceOf(RedeliverException.class);

        assertThat(List.of(once, other)).allSatisfy(job -> {
            assertThat(lane.now(job).state()).isEqualTo(JobState.QUEUED);
            assertThat(lane.now(job).fence()).isEqualTo(1);
        });
        lane.claiming.suspend();
        lane.claiming.open(next, Bench.ALWAYS);
        lane.dispatch(once, other);
        assertThat(lane.now(once).state()).isEqualTo(JobState.SUCCEEDED);
    }

    /** Has a delivery end after the handlers were called, before their ends are committed. */
    private void breakOff(Job last, Job... jobs) throws Exception {
        List<Thread> threads = new ArrayList<>();
        lane.script(last, (body, run) -> {
            threads.add(Thread.currentThread());
            lane.faults.goAway();
            return Outcome.succeeded();
        });
        Future<?> sent = lane.send(jobs);
        await().until(() -> lane.calls(last).size() == 1);
        await().until(() -> !sent.isDone() && threads.get(0).getState() == Thread.State.TIMED_WAITING);
        threads.get(0).interrupt();
        try {
            sent.get(10, TimeUnit.SECONDS);
            throw new AssertionError("it was to give up");
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(RedeliverException.class);
        }
        lane.faults.comeBack();
        assertThat(lane.now(last).state()).isEqualTo(JobState.RUNNING);
    }
}
