package azukari.broker;

import azukari.platform.BrokerUnavailableException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One answer from the broker for all callers that ask at about the same time: one asks, the others wait for its answer,
 * which is valid for a moment. A failure is shared as well, so that callers do not wait for a hanging broker one after
 * another.
 */
final class Shared<T> {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final Duration good;
    private final Supplier<T> source;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Answer<T> last;

    private record Answer<T>(T value, BrokerUnavailableException failure, long at) {}

    /** @param good how long an answer is reused */
    Shared(Duration good, Supplier<T> source) {
        this.good = good;
        this.source = source;
    }

    /**
     * An answer that is still valid, or a new one.
     *
     * @throws BrokerUnavailableException if the broker gave none, or if earlier callers still had none after 2 s
     */
    T get() {
        Answer<T> answer = last;
        return value(isGood(answer) ? answer : next(true));
    }

    /** An answer that was requested after this call. */
    T renewed() {
        return value(next(false));
    }

    private Answer<T> next(boolean orGood) {
        try {
            if (!asking.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BrokerUnavailableException(new TimeoutException("earlier requests are still unanswered"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnavailableException(e);
        }
        try {
            if (!orGood || !isGood(last)) {
                last = ask();
            }
            return last;
        } finally {
            asking.unlock();
        }
    }

    private Answer<T> ask() {
        try {
            return new Answer<>(source.get(), null, System.nanoTime());
        } catch (BrokerUnavailableException e) {
            return new Answer<>(null, e, System.nanoTime());
        }
    }

    private boolean isGood(Answer<T> answer) {
        return answer != null && System.nanoTime() - answer.at() < good.toNanos();
    }

    private static <T> T value(Answer<T> answer) {
        if (answer.failure() != null) {
            throw answer.failure();
        }
        return answer.value();
    }
}
