package azukari.recovery;

import azukari.database.Database;
import azukari.database.Tx;
import azukari.job.JobTable;
import azukari.job.JobTable.Queued;
import azukari.outbox.Outbox;
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

    private final Database database;

    @Inject
    public Requeue(Database database) {
        this.database = database;
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
        return database.inTransaction(tx -> BrokerTable.lockGoingOn(tx).map(progress -> batch(tx, progress)));
    }

    /**
     * The last job is looked up only here, after the transaction that began the round: whatever was struck off the outbox
     * in an earlier round is committed by then, and no later one than it.
     */
    private static int batch(Tx tx, Progress progress) {
        UUID after = progress.doneTo() == null ? BEFORE_ALL : progress.doneTo();
        UUID last = progress.last() == null ? JobTable.lastQueued(tx).orElse(BEFORE_ALL) : progress.last();
        List<Queued> found = JobTable.queuedBetween(tx, after, last, MOST_AT_ONCE);
        List<Queued> resent = JobTable.resend(tx, found);
        Outbox.addForSweepers(tx, resent);
        boolean more = found.size() == MOST_AT_ONCE;
        BrokerTable.progress(tx, more, more ? found.get(found.size() - 1).id() : null, more ? last : null);
        return resent.size();
    }
}
