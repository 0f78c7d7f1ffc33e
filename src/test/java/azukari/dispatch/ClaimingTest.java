package azukari.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ClaimingTest {
    private final Claiming claiming = new Claiming();
    private final Incarnation me = new Incarnation(azukari.platform.Ids.next(), "node");

    @Test
    void nothing_is_claimed_any_more_once_the_node_drains() {
        claiming.open(me, Bench.ALWAYS);
        claiming.drain();

        assertThatThrownBy(claiming::claimant).isInstanceOf(RedeliverException.class);
    }

    @Test
    void rule_4_whoever_was_frozen_for_too_long_begins_nothing_until_the_next_beat() throws InterruptedException {
        claiming.open(me, System.nanoTime() - 1);
        assertThat(claiming.isOpen()).isFalse();
        AtomicBoolean claims = new AtomicBoolean();
        Thread lane = new Thread(() -> claims.set(claiming.claimant().equals(me)));
        lane.start();
        await().until(() -> lane.getState() == Thread.State.WAITING);

        claiming.open(me, Bench.ALWAYS);

        lane.join(10_000);
        assertThat(claims).isTrue();
        assertThat(claiming.isOpen()).isTrue();
    }

    @Test
    void a_message_is_given_back_at_once_while_the_node_does_not_stop() throws InterruptedException {
        claiming.open(me, Bench.ALWAYS);
        Thread open = keeping();
        open.join(10_000);
        assertThat(open.isAlive()).isFalse();

        claiming.suspend();
        Thread suspended = keeping();
        suspended.join(10_000);
        assertThat(suspended.isAlive()).isFalse();
    }

    @Test
    void a_message_is_kept_while_the_node_drains_and_given_back_soon_after_the_lanes_begin_to_close()
            throws InterruptedException {
        claiming.open(me, Bench.ALWAYS);
        claiming.drain();
        Thread keeping = keeping();
        await().until(() -> keeping.getState() == Thread.State.WAITING);

        long stopped = System.nanoTime();
        claiming.stop();
        await().until(() -> keeping.getState() == Thread.State.TIMED_WAITING);
        keeping.join(10_000);

        assertThat(keeping.isAlive()).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - stopped))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(9));
    }

    @Test
    void a_lane_that_the_server_interrupts_gives_its_message_back_at_once() throws InterruptedException {
        claiming.open(me, Bench.ALWAYS);
        claiming.drain();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread keeping = new Thread(() -> {
            claiming.keepWhileStopping();
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        keeping.start();
        await().until(() -> keeping.getState() == Thread.State.WAITING);

        keeping.interrupt();
        keeping.join(TimeUnit.SECONDS.toMillis(10));

        assertThat(interrupted).isTrue();
    }

    private Thread keeping() {
        Thread thread = new Thread(claiming::keepWhileStopping);
        thread.start();
        return thread;
    }
}
