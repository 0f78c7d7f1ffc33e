package azukari.dispatch;

import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One suspect at a time on this node (rule 7), so that the next death tells which one it was. The others wait in the table,
 * without a thread and free of charge; whoever is no suspect runs beside it.
 *
 * <p>The newest goes first: it is the likeliest culprit, since all was well before it came. So each asks twice, to let all
 * be heard before the first one goes.
 */
@Service
public class Suspects {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** Who has not asked for longer may have gone to another node. */
    private static final Duration LATELY = PAUSE.multipliedBy(5);

    private final Exits exits;
    private final Clock clock;
    /** When each of them asked last. Ids grow with time. */
    private final NavigableMap<UUID, Instant> asked = new TreeMap<>();

    private boolean taken;
    private volatile boolean culpritFound;

    @Inject
    public Suspects(Exits exits, Clock clock) {
        this.exits = exits;
        this.clock = clock;
    }

    /** Whether the message's job may be claimed; if not, it waits a moment in the table, and the message may be forgotten. */
    boolean admit(Work job) {
        if (!job.ticket().suspect() || culpritFound || takes(job.id())) {
            return true;
        }
        Instant now = clock.instant();
        exits.leave(Leaving.unclaimed(job, Verdicts.standingAside(now.plus(PAUSE)), now));
        return false;
    }

    private synchronized boolean takes(UUID job) {
        Instant now = clock.instant();
        boolean before = asked.put(job, now) != null;
        boolean newest = asked.tailMap(job, false).values().stream().noneMatch(time -> time.isAfter(now.minus(LATELY)));
        if (taken || !before || !newest) {
            return false;
        }
        asked.remove(job);
        taken = true;
        return true;
    }

    /** To be called after the finish of whatever was admitted. */
    synchronized void leave(Work job) {
        if (job.ticket().suspect()) {
            taken = false;
        }
    }

    /**
     * The deaths so far have an explanation, so the other suspects run freely, until this process dies once more. Were one of
     * them to blame as well, that costs one more death, not a wrong verdict.
     */
    public void culpritFound() {
        culpritFound = true;
    }
}
