package azukari.broker;

import azukari.platform.BrokerUnavailableException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One answer of the broker for all who ask at about the same time: one asks, the others wait for its answer, and it is good
 * for a moment. A failure is shared as well, so that a broker that hangs is not waited for by one after another.
 */
final class Shared<T> {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final Duration good;
    private final Supplier<T> source;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Answer<T> last;

    private record Answer<T>(T value, BrokerUnavailableException failure, long at) {}

    /**
     * @param good how long an answer is given again
     */
    Shared(Duration good, Supplier<T> source) {
        this.good = good;
        this.source = source;
    }

    /**
     * An answer that is at most as old as an answer is good for.
     *
     * @throws BrokerUnavailableException when the broker gave none, or others have waited for it for 2 s
     */
    T get() {
        Answer<T> answer = last;
        return value(isGood(answer) ? answer : next(true));
    }

    /** An answer that was asked for after this call. */
    T renewed() {
        return value(next(false));
    }

    private Answer<T> next(boolean orGood) {
        try {
            if (!asking.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BrokerUnavailableException(new TimeoutException("no answer to those who asked before"));
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
