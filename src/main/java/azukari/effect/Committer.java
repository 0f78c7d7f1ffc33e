package azukari.effect;

import azukari.database.Database;
import azukari.database.Gate;
import azukari.database.Step;
import azukari.database.TransactionConflictException;
import azukari.database.Tx;
import azukari.notify.Feed;
import azukari.outbox.Relay;
import azukari.platform.Service;
import azukari.watch.JobChanges;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Commits changes of jobs, and then performs their effects: messages first, since jobs are waiting to be run, then
 * counters, then those who wait for changes. None of this is done if the commit fails.
 */
@Service
public class Committer {
    private static final int MOST_CONFLICTS = 3;

    private final Database database;
    private final Gate gate;
    private final Relay relay;
    private final JobChanges changes;
    private final Feed feed;
    private volatile Runnable whenPostponed = () -> {};
    private volatile Runnable whenChildEnded = () -> {};
    private volatile Consumer<Set<UUID>> whenRoom = capacities -> {};

    @Inject
    public Committer(Database database, Gate gate, Relay relay, JobChanges changes, Feed feed) {
        this.database = database;
        this.gate = gate;
        this.relay = relay;
        this.changes = changes;
        this.feed = feed;
    }

    /** Registers a callback that runs whenever a job was postponed; it must be quick. */
    public void onPostponed(Runnable listener) {
        whenPostponed = listener;
    }

    /** Registers a callback that runs whenever the end of a child is to be counted; it must be quick. */
    public void onChildEnded(Runnable listener) {
        whenChildEnded = listener;
    }

    /** Registers who looks for room in capacities, whenever there may be some or jobs wait for them; it must be quick. */
    public void onCapacities(Consumer<Set<UUID>> listener) {
        whenRoom = listener;
    }

    /**
     * Runs one unit through the gate, in one transaction with others requested at the same time. Fails as {@link Gate}
     * does.
     */
    public <I, T> T submit(Step<I, Done<T>> step, I input) {
        return perform(gate.submit(step, input));
    }

    /**
     * Runs work in a transaction of its own; repeats it after a conflict. Fails as
     * {@link Database#inTransaction(Function)} does.
     */
    public <T> T commit(Function<Tx, Done<T>> work) {
        for (int conflicts = 0; ; conflicts++) {
            try {
                return perform(database.inTransaction(work));
            } catch (TransactionConflictException e) {
                if (conflicts == MOST_CONFLICTS) {
                    throw e;
                }
            }
        }
    }

    /** Counts something that was only read and changed nothing. */
    public void count(Count count) {
        JobMeters.count(count);
    }

    private <T> T perform(Done<T> done) {
        Effects effects = done.effects();
        if (!effects.messages().isEmpty()) {
            relay.offer(effects.messages());
        }
        effects.counts().forEach(JobMeters::count);
        effects.changed().forEach(changes::committed);
        if (effects.notified()) {
            feed.wake();
        }
        if (effects.postponed()) {
            whenPostponed.run();
        }
        if (effects.childEnded()) {
            whenChildEnded.run();
        }
        if (!effects.capacities().isEmpty()) {
            whenRoom.accept(effects.capacities());
        }
        return done.value();
    }
}
