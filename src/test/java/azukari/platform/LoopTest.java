package azukari.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LoopTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    static List<Throwable> failures() {
        return List.of(
                new IllegalStateException("by the test"),
                new OutOfMemoryError("by the test"),
                new StackOverflowError("by the test"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_pass_that_throws_does_not_end_the_loop(Throwable failure) {
        AtomicInteger passes = new AtomicInteger();
        Loop loop = new Loop("test-loop", Duration.ofMillis(1), () -> {
            if (passes.incrementAndGet() == 1) {
                LoopTest.<RuntimeException>rethrow(failure);
            }
            return Duration.ofMillis(1);
        });
        loop.startOn(new Thread(loop::run, "test-loop"));
        try {
            await().atMost(SOON).untilAsserted(() -> assertThat(passes).hasValueGreaterThan(2));
        } finally {
            loop.close();
        }
    }

    @Test
    void a_loop_that_does_not_go_through_for_a_minute_shows_until_it_does() {
        AtomicBoolean broken = new AtomicBoolean(true);
        AtomicInteger passes = new AtomicInteger();
        long begin = System.nanoTime();
        Loop loop = new Loop("test-stalled", Duration.ofMillis(1), () -> {
            passes.incrementAndGet();
            if (broken.get()) {
                throw new IllegalStateException("by the test");
            }
            return Duration.ofMillis(1);
        });
        loop.startOn(new Thread(loop::run, "test-stalled"));
        try {
            await().atMost(SOON).untilAsserted(() -> assertThat(passes).hasValueGreaterThan(2));
            assertThat(Loop.stalled(begin + Duration.ofSeconds(59).toNanos())).doesNotContain("test-stalled");
            assertThat(Loop.stalled(System.nanoTime() + Duration.ofSeconds(61).toNanos()))
                    .contains("test-stalled");

            long mended = System.nanoTime();
            broken.set(false);
            await().atMost(SOON).untilAsserted(() -> assertThat(
                            Loop.stalled(mended + Duration.ofSeconds(60).toNanos()))
                    .doesNotContain("test-stalled"));
        } finally {
            loop.close();
        }
        assertThat(Loop.stalled(Long.MAX_VALUE)).doesNotContain("test-stalled");
    }

    @Test
    void a_loop_that_rests_is_not_woken_meanwhile_but_closed() {
        AtomicInteger passes = new AtomicInteger();
        Loop loop = new Loop("test-resting", Duration.ofHours(2), Duration.ofHours(1), () -> {
            passes.incrementAndGet();
            return Duration.ofHours(2);
        });
        Thread thread = new Thread(loop::run, "test-resting");
        loop.startOn(thread);
        try {
            await().atMost(SOON).until(() -> thread.getState() == Thread.State.TIMED_WAITING);

            loop.wake();

            await().during(Duration.ofMillis(200)).until(() -> passes.get() == 1);
        } finally {
            loop.close();
        }
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void a_loop_that_has_rested_was_woken_meanwhile() {
        AtomicInteger passes = new AtomicInteger();
        Loop loop = new Loop("test-rested", Duration.ofHours(1), Duration.ofMillis(1), () -> {
            passes.incrementAndGet();
            return Duration.ofHours(1);
        });
        loop.startOn(new Thread(loop::run, "test-rested"));
        try {
            await().atMost(SOON).until(() -> passes.get() == 1);

            loop.wake();

            await().atMost(SOON).until(() -> passes.get() == 2);
        } finally {
            loop.close();
        }
    }

    @Test
    void work_that_never_ends_does_not_keep_a_loop_from_being_closed() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        Loop loop = new Loop("test-endless", Duration.ofMillis(1), () -> {
            do {
                steps.incrementAndGet();
            } while (Loop.mayGoOn());
            return Duration.ofMillis(1);
        });
        Thread thread = new Thread(loop::run, "test-endless");
        loop.startOn(thread);
        await().atMost(SOON).untilAsserted(() -> assertThat(steps).hasValueGreaterThan(2));

        loop.close();

        assertThat(thread.isAlive()).isFalse();
        assertThat(Loop.mayGoOn()).as("on a thread that runs no loop").isTrue();
    }

    @SuppressWarnings("unchecked") // Errors and unchecked exceptions only.
    private static <T extends Throwable> void rethrow(Throwable failure) throws T {
        throw (T) failure;
    }
}
