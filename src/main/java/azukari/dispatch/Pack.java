package azukari.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The runs that one message brought, executed one after another by the lane's thread. The watchdog may break the pack
 * up from another thread; the lane's thread then keeps only its current run.
 */
final class Pack {
    private final Deque<Run> waiting;
    private final List<Ended> ended = new ArrayList<>();
    private Run current;
    /** Nothing more is begun or added: the pack was broken up, or all runs have ended. */
    private boolean closed;

    private boolean brokenUp;

    /** A run that has ended but is not yet committed. */
    record Ended(Run run, Verdict verdict) {}

    /**
     * What a break-up takes from the lane's thread.
     *
     * @param ended the runs that have ended, to be committed at once
     * @param notBegun the runs that are to be queued again
     * @param current the run that the lane's thread is executing; null for none
     */
    record Leftovers(List<Ended> ended, List<Run> notBegun, Run current) {}

    Pack(List<Run> runs) {
        waiting = new ArrayDeque<>(runs);
    }

    /** The next run to begin; null if none is left or the pack is closed. */
    synchronized Run next() {
        current = closed ? null : waiting.poll();
        return current;
    }

    /**
     * Records the end of the current run; false if the pack has been broken up, and the run must be committed alone.
     */
    synchronized boolean end(Run run, Verdict verdict) {
        current = null;
        if (!closed) {
            ended.add(new Ended(run, verdict));
        }
        return !closed;
    }

    /**
     * Closes the pack after the last run; returns what is to be committed, which is nothing if the pack was broken up.
     */
    synchronized List<Ended> close() {
        List<Ended> all = closed ? List.of() : List.copyOf(ended);
        closed = true;
        return all;
    }

    /** Whether the pack was broken up. */
    synchronized boolean isBrokenUp() {
        return brokenUp;
    }

    /** Takes everything but the current run; null if there is nothing to take. */
    synchronized Leftovers breakUp() {
        if (closed || (waiting.isEmpty() && ended.isEmpty())) {
            return null;
        }
        closed = true;
        brokenUp = true;
        return new Leftovers(List.copyOf(ended), List.copyOf(waiting), current);
    }
}
