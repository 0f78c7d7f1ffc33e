package azukari.dispatch;

import azukari.database.Database;
import azukari.database.SetAside;
import azukari.database.Tx;
import azukari.effect.Committer;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.job.Family;
import azukari.job.FamilyTable;
import azukari.job.Standing;
import azukari.job.Waiting;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Counts children that have ended, and ends the jobs whose children all have (rule 14): after each commit in which one ended, and
 * once a second, for what a node that died left uncounted. Every node does this; two that count with the same parents do so one
 * after the other.
 */
@Service
public class Families {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** While children end all the time, their ends are counted together. */
    private static final Duration REST = Duration.ofMillis(50);

    private static final int MOST_PARENTS = 100;
    private static final int MOST_ENDS = 1000;

    private final Database database;
    private final Threads threads;
    private final Committer committer;
    private final Exits exits;
    private final Verdicts verdicts;
    private final Clock clock;
    private final SetAside<UUID> aside = new SetAside<>("counting the children of a job that have ended");
    private volatile Loop loop;

    @Inject
    public Families(
            Database database, Threads threads, Committer committer, Exits exits, Verdicts verdicts, Clock clock) {
        this.database = database;
        this.threads = threads;
        this.committer = committer;
        this.exits = exits;
        this.verdicts = verdicts;
        this.clock = clock;
    }

    public void start() {
        loop = threads.loopUntil("families", PAUSE, REST, this::pass);
        committer.onChildEnded(loop::wake);
    }

    /** Counts all that is to be counted; returns the time until the next look. */
    Duration pass() {
        boolean[] goesOn = new boolean[1];
        do {
            int limit = MOST_PARENTS + aside.count();
            List<UUID> parents = aside.without(database.inTransaction(tx -> FamilyTable.toCount(tx, limit)));
            goesOn[0] = false;
            aside.each(parents, some -> goesOn[0] |= committer.commit(tx -> count(tx, some)));
        } while (Loop.mayGoOn() && goesOn[0]);
        return PAUSE;
    }

    /** Whether there may be more to count at once: more children, or parents that have ended and are children themselves. */
    private Done<Boolean> count(Tx tx, List<UUID> parents) {
        int counted = FamilyTable.count(tx, parents, MOST_ENDS);
        Effects joined = join(tx, parents, clock.instant());
        boolean more = counted >= MOST_ENDS || (counted > 0 && parents.size() >= MOST_PARENTS) || joined.childEnded();
        return new Done<>(more, joined.and(Effects.changed(parents)));
    }

    /** Ends those of these jobs that wait for their children, all of which have ended. */
    Effects join(Tx tx, Collection<UUID> parents, Instant now) {
        Map<UUID, Family> complete = FamilyTable.read(tx, parents).stream()
                .filter(family -> family.open() == 0)
                .collect(Collectors.toMap(Family::parent, Function.identity()));
        List<Leaving> leavings = Standing.read(tx, complete.keySet()).stream()
                .filter(job -> job.waitingFor() == Waiting.CHILDREN)
                .map(exits::work)
                .map(job -> Leaving.unclaimed(job, verdicts.joined(job, complete.get(job.id())), now))
                .toList();
        return leavings.isEmpty()
                ? Effects.none()
                : ExitStep.leave(tx, leavings).stream().map(Done::effects).reduce(Effects.none(), Effects::and);
    }

    public void stop() {
        if (loop != null) {
            loop.close();
        }
    }
}
