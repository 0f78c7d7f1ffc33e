package azukari.node;

import azukari.node.NodeTable.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Determines which nodes are dead (rule 4): those whose beat this node has seen unchanged for a whole window on its own
 * monotonic clock, while its own beats went through. Pure: times are passed in, in nanoseconds of that clock.
 */
final class BeatWatch {
    private record Seen(UUID incarnation, long beat, long since) {}

    private final long window;
    private final Map<String, Seen> seen = new HashMap<>();
    private long lastOwnBeat;
    private boolean hasBeaten;

    BeatWatch(Duration window) {
        this.window = window.toNanos();
    }

    /**
     * Records that this node's own beat was committed. After a gap of more than half a window, earlier observations no
     * longer count.
     */
    synchronized void ownBeat(long now) {
        if (hasBeaten && now - lastOwnBeat > window / 2) {
            seen.clear();
        }
        lastOwnBeat = now;
        hasBeaten = true;
    }

    /**
     * Whether this node's own beat went through within the last half window, so that it may claim jobs and declare
     * other nodes dead.
     */
    synchronized boolean mayClaim(long now) {
        return hasBeaten && now - lastOwnBeat <= window / 2;
    }

    /** Records the rows as they are now, and returns those whose beat has stood still for the whole window. */
    synchronized List<Node> observe(List<Node> rows, String self, long now) {
        List<Node> dead = new ArrayList<>();
        for (Node row : rows) {
            if (row.name().equals(self) || row.signedOff()) {
                continue;
            }
            Seen before = seen.get(row.name());
            boolean moved = before == null
                    || before.beat() != row.beat()
                    || !before.incarnation().equals(row.incarnation());
            if (moved) {
                seen.put(row.name(), new Seen(row.incarnation(), row.beat(), now));
            } else if (now - before.since() >= window && mayClaim(now)) {
                dead.add(row);
            }
        }
        Set<String> names = rows.stream().map(Node::name).collect(Collectors.toSet());
        seen.keySet().retainAll(names);
        return dead;
    }
}
