package azukari.database;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Threads that request the same kind of work at the same instant, served one after another in groups: the first one in
 * leads, that is, it runs everything that is waiting, its own unit included, and hands over to the next before it wakes
 * the others. A thread that is alone runs at once.
 *
 * <p>A unit that nobody has taken after {@link #LONGEST_WAIT} withdraws and never runs. A unit that was taken owns its
 * outcome and waits for it. An interrupt changes none of this; the thread's interrupt status is restored when it
 * leaves.
 */
final class Line<I, O> {
    /** As long as a connection pool lets a thread wait. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    /**
     * A unit that has waited this long when the database turns out to be unavailable fails, too, instead of asking it
     * again.
     */
    static final Duration SHARED_WAIT = Duration.ofSeconds(1);

    static final int MOST_UNITS = 256;
    /** The approximate maximum that one transaction writes, so that small units do not wait long for large ones. */
    static final long MOST_SIZE = 2L * 1024 * 1024;

    private final ToLongFunction<I> size;
    private final Consumer<List<Unit<I, O>>> runner;
    /** Empty while nobody leads. */
    private final Deque<Unit<I, O>> waiting = new ArrayDeque<>();

    private boolean led;

    /**
     * @param size the approximate number of characters that a unit writes
     * @param runner runs a group and ends every unit of it
     */
    Line(ToLongFunction<I> size, Consumer<List<Unit<I, O>>> runner) {
        this.size = size;
        this.runner = runner;
    }

    /** Runs one unit; returns its outcome or throws its failure. */
    O pass(I input) {
        Unit<I, O> unit = new Unit<>(input, size.applyAsLong(input));
        if (startsToLead(unit) || isChosenToLead(unit)) {
            leadUninterrupted(unit);
        }
        return unit.result();
    }

    private boolean isChosenToLead(Unit<I, O> unit) {
        if (!unit.awaitTold(LONGEST_WAIT)) {
            if (withdraws(unit)) {
                throw new DatabaseUnavailableException(
                        new TimeoutException("no turn within " + LONGEST_WAIT.toMillis() + " ms; nothing was done"));
            }
            unit.awaitTold(null);
        }
        return unit.leads();
    }

    /** A leader works for others, too: an interrupt meant for it alone must not break their statements. */
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
        try {
            group = take(first);
            runner.accept(group);
        } catch (Throwable death) { // Even an Error must leave nobody waiting; the others' units report it.
            if (!first.ended()) {
                first.fail(death);
            }
        } finally {
            handOver(first.failure());
            for (Unit<I, O> unit : group) {
                unit.tell();
            }
        }
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

    private synchronized void handOver(Throwable failure) {
        while (failure instanceof DatabaseUnavailableException
                && !waiting.isEmpty()
                && waiting.peek().waitsLongerThan(SHARED_WAIT)) {
            Unit<I, O> unit = waiting.poll();
            unit.fail(failure);
            unit.tell();
        }
        Unit<I, O> next = waiting.poll();
        if (next == null) {
            led = false;
        } else {
            next.tellToLead();
        }
    }
}
