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
 * A round of requeueing (rule 17): everything that was QUEUED when it began gets a new fence and a row in the outbox.
 * It runs in batches, each in a transaction that also records the progress, so if a round breaks off, the next node
 * that checks finishes it.
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

    /**
     * Continues the round in progress, if there is one that no other node is processing; returns how many jobs it put
     * on the wire.
     */
    int goOn() {
        int sum = 0;
        Optional<Integer> batch = batch();
        while (batch.isPresent()) {
            sum += batch.get();
            batch = batch();
        }
        return sum;
    }

    /** Processes the next batch and returns how many jobs it put on the wire; empty if there is nothing to do. */
    Optional<Integer> batch() {
        return committer.commit(tx -> BrokerTable.lockGoingOn(tx)
                .map(progress -> batch(tx, progress))
                .orElseGet(() -> Done.of(Optional.empty())));
    }

    /**
     * The last job is looked up only here, after the transaction that began the round: whatever was deleted from the
     * outbox in an earlier round is committed by then, and is no later than the last job.
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
