package azukari.recovery;

import azukari.database.SetAside;
import azukari.database.Tx;
import azukari.dispatch.Exits;
import azukari.effect.Committer;
import azukari.effect.Done;
import azukari.job.JobTable;
import azukari.job.JobTable.Queued;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.recovery.BrokerTable.Progress;
import jakarta.inject.Inject;
import java.util.ArrayList;
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
    private final SetAside<Queued> left =
            new SetAside<>("putting a job on the wire again, after a change of the broker");

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
        Optional<Integer> batch;
        do {
            batch = batch();
            sum += batch.orElse(0);
        } while (Loop.mayGoOn() && batch.isPresent());
        return sum;
    }

    /** Processes the next batch and returns how many jobs it put on the wire; empty if there is nothing to do. */
    Optional<Integer> batch() {
        List<Queued> found = new ArrayList<>();
        try {
            return batch(found);
        } catch (RuntimeException | StackOverflowError e) {
            if (found.isEmpty() || !SetAside.isForARow(e)) {
                throw e;
            }
            // To find out which: those that can be put on the wire twice will be, and their first message is stale.
            left.each(List.copyOf(found), some -> committer.commit(tx -> exits.resend(tx, some)));
            return batch(found);
        }
    }

    /** @param found takes the jobs that the batch consists of */
    private Optional<Integer> batch(List<Queued> found) {
        return committer.commit(tx -> {
            found.clear();
            return BrokerTable.lockGoingOn(tx)
                    .map(progress -> batch(tx, progress, found))
                    .orElseGet(() -> Done.of(Optional.empty()));
        });
    }

    /**
     * The last job is looked up only here, after the transaction that began the round: whatever was deleted from the
     * outbox in an earlier round is committed by then, and is no later than the last job.
     */
    private Done<Optional<Integer>> batch(Tx tx, Progress progress, List<Queued> found) {
        UUID after = progress.doneTo() == null ? BEFORE_ALL : progress.doneTo();
        UUID last = progress.last() == null ? JobTable.lastQueued(tx).orElse(BEFORE_ALL) : progress.last();
        found.addAll(JobTable.queuedBetween(tx, after, last, MOST_AT_ONCE));
        Done<Integer> resent = exits.resend(tx, left.without(found));
        boolean more = found.size() == MOST_AT_ONCE;
        BrokerTable.progress(tx, more, more ? found.get(found.size() - 1).id() : null, more ? last : null);
        return new Done<>(Optional.of(resent.value()), resent.effects());
    }
}
