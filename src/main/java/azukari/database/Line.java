package azukari.database;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/**
 * Threads that want the same kind of work done at the same instant, in groups: the first one in leads, that is, it runs
 * whatever waits, itself included, and hands over to the next before it wakes the others. Alone, it runs at once. While a
 * group's commit waits for the disk, the next group runs its statements: two are under way at a time, no more (ADR 0026).
 *
 * <p>A unit that nobody has taken after {@link #LONGEST_WAIT} withdraws, and never runs. One that was taken owns its outcome and
 * waits for it. An interruption changes nothing of this; the thread is interrupted again when it leaves.
 */
final class Line<I, O> {
    /** As long as a connection pool lets a thread wait. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    /** Whoever has waited so long when the database turns out to be away hears of it, too, instead of asking it again. */
    static final Duration SHARED_WAIT = Duration.ofSeconds(1);

    static final int MOST_UNITS = 256;
    /** What one transaction writes at most, about, so that small units do not wait long for large ones. */
    static final long MOST_SIZE = 2L * 1024 * 1024;

    private final ToLongFunction<I> size;
    private final BiConsumer<List<Unit<I, O>>, Runnable> runner;
    /** Holds nothing while nobody leads. */
    private final Deque<Unit<I, O>> waiting = new ArrayDeque<>();

    private boolean led;
    /** Whether a group that has handed over waits for its commit. */
    private boolean committing;

    /**
     * @param size about how many characters a unit writes
     * @param runner ends every unit of a group; calls what it is given when all that is left is to commit
     */
    Line(ToLongFunction<I> size, BiConsumer<List<Unit<I, O>>, Runnable> runner) {
        this.size = size;
        this.runner = runner;
    }

    /** Has one unit done; returns, or throws, how it ended. */
    O pass(I input) {
        Unit<I, O> unit = new Unit<>(input, size.applyAsLong(input));
        if (startsToLead(unit) || isToldToLead(unit)) {
            leadUninterrupted(unit);
        }
        return unit.result();
    }

    private boolean isToldToLead(Unit<I, O> unit) {
        if (!unit.awaitTold(LONGEST_WAIT)) {
            if (withdraws(unit)) {
                throw new DatabaseUnavailableException(
                        new TimeoutException("no turn within " + LONGEST_WAIT.toMillis() + " ms; nothing was done"));
            }
            unit.awaitTold(null);
        }
        return unit.leads();
    }

    /** A leader works for others, too: an interruption that is meant for it alone must not break their statements. */
    private void leadUninterrupted(Unit<I, O> first) {
        boolean interrupted = Thread.interrupted();
        try {
            lead(first);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void lead(Unit<I, O> first) {
        List<Unit<I, O>> group = Collections.emptyList();
        boolean[] handedOver = {false};
        try {
            group = take(first);
            runner.accept(group, () -> handedOver[0] = handedOver[0] || handsOverEarly());
        } catch (Throwable death) { // Also an Error must leave nobody waiting; the others' units say so themselves.
            if (!first.ended()) {
                first.fail(death);
            }
        } finally {
            handOver(first.failure(), handedOver[0]);
            for (Unit<I, O> unit : group) {
                unit.tell();
            }
        }
    }

    /** Lets the next group run while this one commits; false when one commits already. */
    private synchronized boolean handsOverEarly() {
        if (committing) {
            return false;
        }
        committing = true;
        next();
        return true;
    }

    private synchronized boolean startsToLead(Unit<I, O> unit) {
        if (!led) {
            led = true;
            return true;
        }
        waiting.add(unit);
        return false;
    }

    private synchronized boolean withdraws(Unit<I, O> unit) {
        return waiting.remove(unit);
    }

    private synchronized List<Unit<I, O>> take(Unit<I, O> first) {
        List<Unit<I, O>> group = new ArrayList<>(Math.min(waiting.size() + 1, MOST_UNITS));
        group.add(first);
        long total = first.size();
        while (group.size() < MOST_UNITS && !waiting.isEmpty()) {
            total += waiting.peek().size();
            if (total > MOST_SIZE) {
                break;
            }
            group.add(waiting.poll());
        }
        return group;
    }

    private synchronized void handOver(Throwable failure, boolean early) {
        while (failure instanceof DatabaseUnavailableException
                && !waiting.isEmpty()
                && waiting.peek().waitsLongerThan(SHARED_WAIT)) {
            Unit<I, O> unit = waiting.poll();
            unit.fail(failure);
            unit.tell();
        }
        if (early) {
            committing = false;
        } else {
            next();
        }
    }

    private void next() {
        Unit<I, O> next = waiting.poll();
        if (next == null) {
            led = false;
        } else {
            next.tellToLead();
        }
    }
}
