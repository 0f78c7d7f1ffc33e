package azukari.dispatch;

import azukari.database.Database;
import azukari.database.Tx;
import azukari.effect.Committer;
import azukari.effect.Done;
import azukari.intake.Queueing;
import azukari.limit.CapacityTable;
import azukari.limit.PermitTable;
import azukari.limit.PermitTable.Slice;
import azukari.platform.Gathering;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Puts jobs on the wire that wait for a lock or a channel, when there is room: after each commit that may have made some, or
 * that made a job wait; when time has made some; and wherever jobs wait and nobody is going to look, each second through 5,000
 * capacities that jobs wait for (rule 8).
 * Every node does this.
 */
@Service
public class Admission {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** What is overdue even so is locked by another node, which looks at it. */
    private static final Duration PAUSE_FOR_A_LOCK = Duration.ofMillis(5);

    private static final Duration CLEANING = Duration.ofMinutes(1);
    private static final int MOST_AT_ONCE = 64;
    /** More than once as many, so that keys that had no call yet are not behind those that have had some. */
    private static final int WANTED_IN_A_TURN = 4;

    private static final int MOST_CLEANED = 10_000;
    private static final int MOST_WAITING = 5000;
    private static final int MOST_OF_A_CHANNEL = 1000;

    private final Database database;
    private final Threads threads;
    private final Committer committer;
    private final Clock clock;
    private final Set<UUID> wanted = new LinkedHashSet<>();
    /** Channels whose limits were changed, and up to where their capacities have been looked at since. */
    private final Map<String, UUID> changed = new ConcurrentHashMap<>();

    private volatile Loop loop;
    /** Like those below, only touched by the loop's own thread. */
    private long nextTick = System.nanoTime();

    private long nextCleaning = System.nanoTime();
    /** When the time of a capacity comes, as far as this node knows; the others look at their own. */
    private long nextWaking = System.nanoTime();

    /** How many jobs this pass has put on the wire. */
    private int admitted;
    /** Whether this pass has looked at those whose time has come. */
    private boolean lookedAtWaking;

    private UUID nextSlice = CapacityTable.BEFORE_ALL;
    private UUID cleaned = CapacityTable.BEFORE_ALL;

    @Inject
    public Admission(Database database, Threads threads, Committer committer, Clock clock) {
        this.database = database;
        this.threads = threads;
        this.committer = committer;
        this.clock = clock;
    }

    public void start() {
        loop = threads.loopUntil("admission", PAUSE, this::pass);
        committer.onCapacities(this::look);
    }

    /** Has capacities looked at soon. */
    public void look(Collection<UUID> capacities) {
        synchronized (wanted) {
            wanted.addAll(capacities);
        }
        Loop running = loop;
        if (running != null) {
            running.wake();
        }
    }

    /** Has all capacities of a channel looked at soon, some in each pass, however many keys share it. */
    public void lookAtAllOf(String channel) {
        changed.put(channel, CapacityTable.BEFORE_ALL);
        look(Set.of());
    }

    private void lookAtChanged() {
        changed.forEach((channel, after) -> {
            List<UUID> some =
                    database.inTransaction(tx -> CapacityTable.waitingOf(tx, channel, after, MOST_OF_A_CHANNEL));
            look(some);
            // Not if it was changed once more meanwhile: then from the beginning.
            if (some.size() < MOST_OF_A_CHANNEL) {
                changed.remove(channel, after);
            } else {
                changed.replace(channel, after, some.get(some.size() - 1));
            }
        });
    }

    /** Looks wherever there may be room; returns the time until there may be more. */
    Duration pass() {
        if (System.nanoTime() - nextTick >= 0) {
            nextTick = System.nanoTime() + PAUSE.toNanos();
            Slice slice = database.inTransaction(tx -> PermitTable.waitedFor(tx, nextSlice, MOST_WAITING));
            nextSlice = slice.next();
            look(slice.unattended());
        }
        if (System.nanoTime() - nextCleaning >= 0) {
            nextCleaning = System.nanoTime() + CLEANING.toNanos();
            cleaned =
                    database.inTransaction(tx -> CapacityTable.deleteIdle(tx, clock.instant(), cleaned, MOST_CLEANED));
        }
        lookAtChanged();
        admitted = 0;
        lookedAtWaking = false;
        int found;
        do { // By turns: neither what ends all the time nor what has its time all the time keeps the other waiting.
            found = 0;
            for (int i = 0; i < WANTED_IN_A_TURN; i++) {
                List<UUID> some = take();
                admit(some);
                found += some.size();
            }
            if (System.nanoTime() - nextWaking >= 0) {
                found += admitWaking();
                lookedAtWaking = true;
            }
            nextWaking = System.nanoTime(); // Whatever else is looked at may have its time at once.
        } while (Loop.mayGoOn() && found >= MOST_AT_ONCE && System.nanoTime() - nextTick < 0);
        if (!changed.isEmpty() || found >= MOST_AT_ONCE) {
            return Duration.ZERO;
        }
        Gathering.after(admitted);
        Duration next = database.inTransaction(CapacityTable::untilNextWake).orElse(PAUSE);
        Duration least = lookedAtWaking ? PAUSE_FOR_A_LOCK : Duration.ZERO;
        Duration pause = next.compareTo(least) < 0 ? least : next;
        nextWaking = System.nanoTime() + pause.toNanos();
        return pause;
    }

    private List<UUID> take() {
        synchronized (wanted) {
            List<UUID> some = wanted.stream().limit(MOST_AT_ONCE).toList();
            Iterator<UUID> oldest = wanted.iterator();
            for (int i = 0; i < some.size(); i++) {
                oldest.next();
                oldest.remove();
            }
            return some;
        }
    }

    /** Those that a job needs together are looked at together. */
    private void admit(Collection<UUID> capacities) {
        Set<UUID> next = new HashSet<>(capacities);
        while (!next.isEmpty() && Loop.mayGoOn()) {
            Set<UUID> now = next;
            Instant time = clock.instant();
            next = committer.commit(tx -> admit(tx, now, time));
        }
    }

    private Done<Set<UUID>> admit(Tx tx, Collection<UUID> capacities, Instant time) {
        Done<Set<UUID>> done = Queueing.admit(tx, capacities, time);
        admitted += done.effects().messages().size();
        return done;
    }

    private int admitWaking() {
        Instant time = clock.instant();
        Done<Set<UUID>> nothing = Done.of(Set.of());
        int[] found = new int[1];
        Set<UUID> further = committer.commit(tx -> {
            List<UUID> waking = CapacityTable.lockWaking(tx, MOST_AT_ONCE);
            found[0] = waking.size();
            return waking.isEmpty() ? nothing : admit(tx, waking, time);
        });
        admit(further);
        return found[0];
    }

    public void stop() {
        if (loop != null) {
            loop.close();
        }
    }
}
