package azukari.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The runs that one message brought, worked on one after another by the lane's thread. Its watchdog may break it up from
 * another thread: then the lane's thread keeps only the run that it is in.
 */
final class Pack {
    private final Deque<Run> waiting;
    private final List<Ended> ended = new ArrayList<>();
    private Run current;
    /** No more is begun or added: broken up, or all over. */
    private boolean closed;

    private boolean brokenUp;

    /** A run that has ended, and is not committed yet. */
    record Ended(Run run, Verdict verdict) {}

    /**
     * What a break-up takes out of the lane's hands.
     *
     * @param ended what has ended, to be committed at once
     * @param notBegun what is to be queued again
     * @param current the run that the lane's thread is in; null for none
     */
    record Leftovers(List<Ended> ended, List<Run> notBegun, Run current) {}

    Pack(List<Run> runs) {
        waiting = new ArrayDeque<>(runs);
    }

    /** The next run to begin; null when there is none, or no longer. */
    synchronized Run next() {
        current = closed ? null : waiting.poll();
        return current;
    }

    /** Notes the end of the current run; false when the pack was broken up meanwhile, and the run goes on alone. */
    synchronized boolean end(Run run, Verdict verdict) {
        current = null;
        if (!closed) {
            ended.add(new Ended(run, verdict));
        }
        return !closed;
    }

    /** All is run: returns what is to be committed, unless the pack was broken up, when it is none. */
    synchronized List<Ended> close() {
        List<Ended> all = closed ? List.of() : List.copyOf(ended);
        closed = true;
        return all;
    }

    /** Whether what was left of it was taken away. */
    synchronized boolean isBrokenUp() {
        return brokenUp;
    }

    /** Takes all but the current run away; null when there is nothing to take. */
    synchronized Leftovers breakUp() {
        if (closed || (waiting.isEmpty() && ended.isEmpty())) {
            return null;
        }
        closed = true;
        brokenUp = true;
        return new Leftovers(List.copyOf(ended), List.copyOf(waiting), current);
    }
}
