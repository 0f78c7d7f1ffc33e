package azukari.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

    @SuppressWarnings("unchecked") // Errors and unchecked exceptions only.
    private static <T extends Throwable> void rethrow(Throwable failure) throws T {
        throw (T) failure;
    }
}
