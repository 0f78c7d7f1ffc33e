package azukari.recovery;

import azukari.database.Tx;
import azukari.dispatch.Exits;
import azukari.effect.Committer;
import azukari.effect.Done;
import azukari.job.JobTable;
import azukari.job.JobTable.Queued;
import azukari.platform.Service;
import azukari.recovery.BrokerTable.Progress;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A round of requeueing (rule 17): everything that was QUEUED when it began gets a new fence and a row in the outbox. In
 * batches, each a transaction that also notes how far it came, so a round that breaks off is finished by whoever looks next.
 */
@Service
public class Requeue {
    private static final int MOST_AT_ONCE = 500;
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final Committer committer;
    private final Exits exits;

    @Inject
    public Requeue(Committer committer, Exits exits) {
        this.committer = committer;
        this.exits = exits;
    }

    /** Goes on with the round that is going on, if there is one that no other node is at; returns how many jobs it put out. */
    int goOn() {
        int sum = 0;
        Optional<Integer> batch = batch();
        while (batch.isPresent()) {
            sum += batch.get();
            batch = batch();
        }
        return sum;
    }

    /** The next batch, and how many jobs were in it; empty when there is nothing to do. */
    Optional<Integer> batch() {
        return committer.commit(tx -> BrokerTable.lockGoingOn(tx)
                .map(progress -> batch(tx, progress))
                .orElseGet(() -> Done.of(Optional.empty())));
    }

    /**
     * The last job is looked up only here, after the transaction that began the round: whatever was struck off the outbox
     * in an earlier round is committed by then, and no later one than it.
     */
    private Done<Optional<Integer>> batch(Tx tx, Progress progress) {
        UUID after = progress.doneTo() == null ? BEFORE_ALL : progress.doneTo();
        UUID last = progress.last() == null ? JobTable.lastQueued(tx).orElse(BEFORE_ALL) : progress.last();
        List<Queued> found = JobTable.queuedBetween(tx, after, last, MOST_AT_ONCE);
        Done<Integer> resent = exits.resend(tx, found);
        boolean more = found.size() == MOST_AT_ONCE;
        BrokerTable.progress(tx, more, more ? found.get(found.size() - 1).id() : null, more ? last : null);
        return new Done<>(Optional.of(resent.value()), resent.effects());
    }
}
