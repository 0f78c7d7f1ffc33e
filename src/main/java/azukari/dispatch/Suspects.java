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
 * Runs one suspect at a time on this node (rule 7), so that the next death identifies the culprit. The others wait in
 * the table, occupying no thread and using up no attempt; jobs that are not suspects run alongside.
 *
 * <p>The newest goes first: it is the most likely culprit, since there was no problem before it arrived. So that all of
 * them can be registered before the first one goes, each has to ask twice.
 */
@Service
public class Suspects {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** A suspect that has not asked for longer than this may have moved to another node. */
    private static final Duration LATELY = PAUSE.multipliedBy(5);
    /** A lane with a backlog brings a suspect back only after that. */
    private static final Duration LONGEST_WAY_BACK = Duration.ofHours(1);

    private static final int MOST_REMEMBERED = 10_000;

    private final Exits exits;
    private final Clock clock;
    /** When each suspect asked last. Ids increase with time. */
    private final NavigableMap<UUID, Instant> asked = new TreeMap<>();

    private boolean taken;
    private volatile boolean culpritFound;

    @Inject
    public Suspects(Exits exits, Clock clock) {
        this.exits = exits;
        this.clock = clock;
    }

    /**
     * Whether the message's job may be claimed; if not, it waits briefly in the table, and the message may be
     * acknowledged.
     */
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
        asked.values().removeIf(time -> !time.isAfter(now.minus(LONGEST_WAY_BACK)));
        boolean before = asked.put(job, now) != null;
        if (asked.size() > MOST_REMEMBERED) {
            asked.pollFirstEntry();
        }
        boolean newest = asked.tailMap(job, false).values().stream().noneMatch(time -> time.isAfter(now.minus(LATELY)));
        if (taken || !before || !newest) {
            return false;
        }
        asked.remove(job);
        taken = true;
        return true;
    }

    /** Must be called after the finish of every job that was admitted. */
    synchronized void leave(Work job) {
        if (job.ticket().suspect()) {
            taken = false;
        }
    }

    /**
     * Records that the deaths so far are explained, so the remaining suspects run freely until this process dies again.
     * If one of them is to blame as well, that costs one more death, not a wrong verdict.
     */
    public void culpritFound() {
        culpritFound = true;
    }
}
