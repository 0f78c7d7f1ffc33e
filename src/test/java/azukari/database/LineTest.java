package azukari.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who runs what, and when, without a database: the group's run is a function that the test holds in its hand. */
@Timeout(60)
class LineTest {
    private static final Duration A_WHILE = Duration.ofSeconds(10);

    /** Doubles each input; the group that holds {@code HELD} waits until it is released. */
    private static final int HELD = -1;
    /** As large as a whole group may be. */
    private static final int LARGE = 1000;

    private final List<List<Integer>> groups = new ArrayList<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Line<Integer, Integer> line = new Line<>(input -> input == LARGE ? Line.MOST_SIZE : 1, this::run);

    private void run(List<Unit<Integer, Integer>> group) {
        groups.add(group.stream().map(Unit::input).toList());
        if (group.get(0).input() == HELD) {
            held.countDown();
            awaitRelease();
        }
        group.forEach(unit -> unit.succeed(unit.input() * 2));
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new AssertionError("a leader's work was interrupted", e);
        }
    }

    @Test
    void alone_a_unit_runs_at_once_on_its_own_thread() {
        Thread me = Thread.currentThread();
        List<Thread> leaders = new ArrayList<>();
        Line<String, String> alone = new Line<>(input -> 0, group -> {
            leaders.add(Thread.currentThread());
            group.forEach(unit -> unit.succeed("done " + unit.input()));
        });

        assertThat(alone.pass("a")).isEqualTo("done a");
        assertThat(alone.pass("b")).isEqualTo("done b");
        assertThat(leaders).containsExactly(me, me);
    }

    @Test
    void whoever_comes_while_a_group_runs_is_in_the_next_one_in_order_of_arrival() throws Exception {
        Passing first = hold();
        List<Passing> others = passAll(IntStream.range(0, 31));

        release.countDown();

        assertThat(first.result()).isEqualTo(HELD * 2);
        for (Passing other : others) {
            assertThat(other.result()).isEqualTo(other.input * 2);
        }
        assertThat(groups).containsExactly(List.of(HELD), inputs(others));
    }

    @Test
    void a_group_has_an_upper_bound() throws Exception {
        hold();
        List<Passing> others = passAll(IntStream.range(10, 10 + Line.MOST_UNITS + 1));

        release.countDown();

        others.forEach(other -> assertThat(other.result()).isEqualTo(other.input * 2));
        assertThat(groups).extracting(List::size).containsExactly(1, Line.MOST_UNITS, 1);
    }

    @Test
    void large_units_do_not_make_one_large_group() throws Exception {
        hold();
        List<Passing> others = passAll(IntStream.of(1, LARGE, 2, LARGE, LARGE, 3));

        release.countDown();

        others.forEach(other -> assertThat(other.result()).isEqualTo(other.input * 2));
        assertThat(groups).extracting(group -> group.get(0)).containsExactly(HELD, 1, LARGE, 2, LARGE, LARGE, 3);
    }

    /** Rule 3: a waiter that times out withdraws, and its unit never runs; one that was taken owns its outcome. */
    @Test
    void rule_3_a_unit_that_waits_too_long_withdraws_and_one_that_was_taken_waits_for_its_outcome() throws Exception {
        CountDownLatch secondHeld = new CountDownLatch(1);
        Line<Integer, Integer> slow = new Line<>(input -> input == 3 ? Line.MOST_SIZE : 1, group -> {
            groups.add(group.stream().map(Unit::input).toList());
            (group.get(0).input() == HELD ? held : secondHeld).countDown();
            if (group.get(0).input() == HELD) {
                awaitQuietly(Duration.ofSeconds(1));
            } else if (group.get(0).input() == 1) {
                awaitRelease();
            }
            group.forEach(unit -> unit.succeed(unit.input() * 2));
        });
        Passing first = new Passing(slow, HELD);
        await().atMost(A_WHILE).until(() -> held.getCount() == 0);
        Passing leader = new Passing(slow, 1).awaitWaiting();
        Passing taken = new Passing(slow, 2).awaitWaiting();
        Passing left = new Passing(slow, 3).awaitWaiting();
        first.result();
        await().atMost(A_WHILE).until(() -> secondHeld.getCount() == 0);

        assertThatThrownBy(left::result)
                .isInstanceOf(DatabaseUnavailableException.class)
                .hasMessageContaining("nothing was done");
        assertThat(leader.result).isNotDone();
        assertThat(taken.result).as("its time is over as well").isNotDone();
        release.countDown();

        assertThat(leader.result()).isEqualTo(2);
        assertThat(taken.result()).isEqualTo(4);
        assertThat(slow.pass(5)).as("the line goes on").isEqualTo(10);
        assertThat(groups).containsExactly(List.of(HELD), List.of(1, 2), List.of(5));
    }

    private static void awaitQuietly(Duration time) {
        try {
            assertThat(new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS))
                    .isFalse();
        } catch (InterruptedException e) {
            throw new AssertionError("a leader's work was interrupted", e);
        }
    }

    @Test
    void an_interrupted_thread_gets_its_outcome_leads_undisturbed_and_leaves_interrupted() throws Exception {
        Passing first = hold();
        Passing leader = new Passing(line, 1).awaitWaiting();
        Passing follower = new Passing(line, 2).awaitWaiting();
        leader.thread.interrupt();
        follower.thread.interrupt();

        release.countDown();

        assertThat(first.result()).isEqualTo(HELD * 2);
        assertThat(leader.result()).isEqualTo(2);
        assertThat(follower.result()).isEqualTo(4);
        assertThat(first.interruptedAfterwards).isFalse();
        assertThat(leader.interruptedAfterwards).isTrue();
        assertThat(follower.interruptedAfterwards).isTrue();
    }

    @Test
    void a_thread_that_comes_interrupted_runs_its_unit_without_the_interruption() {
        AtomicBoolean interruptedInside = new AtomicBoolean();
        Line<Integer, Integer> observing = new Line<>(input -> 0, group -> {
            interruptedInside.set(Thread.currentThread().isInterrupted());
            group.forEach(unit -> unit.succeed(unit.input()));
        });

        Thread.currentThread().interrupt();
        int result = observing.pass(3);

        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        assertThat(result).isEqualTo(3);
        assertThat(interruptedInside).isFalse();
    }

    @Test
    void a_leader_that_dies_by_an_error_leaves_nobody_waiting() throws Exception {
        Line<Integer, Integer> dying = new Line<>(input -> 0, group -> {
            groups.add(group.stream().map(Unit::input).toList());
            if (group.get(0).input() == HELD) {
                held.countDown();
                awaitRelease();
            }
            group.get(0).succeed(0);
            if (group.get(0).input() == 1) {
                group.get(1).succeed(4);
                throw new OutOfMemoryError("by the test");
            }
        });
        Passing first = new Passing(dying, HELD);
        await().atMost(A_WHILE).until(() -> held.getCount() == 0);
        Passing leader = new Passing(dying, 1).awaitWaiting();
        Passing done = new Passing(dying, 2).awaitWaiting();
        Passing undone = new Passing(dying, 3).awaitWaiting();

        release.countDown();

        assertThat(first.result()).isZero();
        assertThat(leader.result()).isZero();
        assertThat(done.result()).isEqualTo(4);
        assertThatThrownBy(undone::result)
                .isInstanceOf(DatabaseUnavailableException.class)
                .hasMessageContaining("died");
        assertThat(dying.pass(9)).as("the line goes on").isZero();
    }

    @Test
    void a_leader_hears_of_its_own_death() {
        Line<Integer, Integer> dying = new Line<>(input -> 0, group -> {
            throw new StackOverflowError("by the test");
        });

        assertThatThrownBy(() -> dying.pass(1)).isInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> dying.pass(2)).as("the line goes on").isInstanceOf(StackOverflowError.class);
    }

    @Test
    void an_away_database_is_asked_once_for_all_who_waited_and_again_for_those_who_just_came() throws Exception {
        CountDownLatch longWait = new CountDownLatch(1);
        Line<Integer, Integer> away = new Line<>(input -> 0, group -> {
            groups.add(group.stream().map(Unit::input).toList());
            if (group.get(0).input() == HELD) {
                held.countDown();
                awaitRelease();
                group.get(0).fail(new DatabaseUnavailableException(new IllegalStateException("by the test")));
            } else {
                group.forEach(unit -> unit.succeed(unit.input()));
            }
        });
        Passing first = new Passing(away, HELD);
        await().atMost(A_WHILE).until(() -> held.getCount() == 0);
        Passing waitedLong = new Passing(away, 1).awaitWaiting();
        longWait.await(Line.SHARED_WAIT.toMillis() + 200, TimeUnit.MILLISECONDS);
        Passing justCame = new Passing(away, 2).awaitWaiting();

        release.countDown();

        assertThatThrownBy(first::result).isInstanceOf(DatabaseUnavailableException.class);
        assertThatThrownBy(waitedLong::result).isInstanceOf(DatabaseUnavailableException.class);
        assertThat(justCame.result()).isEqualTo(2);
        assertThat(groups).containsExactly(List.of(HELD), List.of(2));
    }

    private Passing hold() {
        Passing passing = new Passing(line, HELD);
        await().atMost(A_WHILE).until(() -> held.getCount() == 0);
        return passing;
    }

    private List<Passing> passAll(IntStream inputs) {
        return inputs.mapToObj(input -> new Passing(line, input).awaitWaiting()).toList();
    }

    private static List<Integer> inputs(List<Passing> all) {
        return all.stream().map(one -> one.input).toList();
    }

    /** One thread on its way through a line. */
    private static final class Passing {
        private final int input;
        private final CompletableFuture<Integer> result = new CompletableFuture<>();
        private final Thread thread;
        private volatile boolean interruptedAfterwards;

        Passing(Line<Integer, Integer> line, int input) {
            this.input = input;
            thread = new Thread(() -> pass(line), "passing-" + input);
            thread.start();
        }

        private void pass(Line<Integer, Integer> line) {
            Integer outcome = null;
            Throwable failure = null;
            try {
                outcome = line.pass(input);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            interruptedAfterwards = Thread.interrupted();
            if (failure == null) {
                result.complete(outcome);
            } else {
                result.completeExceptionally(failure);
            }
        }

        Passing awaitWaiting() {
            await().pollInterval(Duration.ofMillis(1))
                    .atMost(A_WHILE)
                    .until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            return this;
        }

        int result() {
            try {
                return result.get(A_WHILE.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new AssertionError(e.getCause());
            } catch (Exception e) {
                throw new AssertionError("no outcome for " + input, e);
            }
        }
    }
}
