package azukari.intake;

import azukari.database.Tx;
import azukari.effect.Count;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.intake.Queueing.Stored;
import azukari.job.NewJob;
import azukari.outbox.Outbox.Pending;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Stores a batch, all of it or nothing. */
final class BatchStep {
    private BatchStep() {}

    /** Events whose {@code requestId} is known already; rolls the transaction back. */
    static final class KnownItemsException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient List<Integer> indexes;

        private KnownItemsException(List<Integer> indexes) {
            super("known items: " + indexes);
            this.indexes = indexes;
        }

        List<Integer> indexes() {
            return indexes;
        }
    }

    /**
     * Returns whether it was stored; if not, its own {@code requestId} is known.
     *
     * @throws KnownItemsException if one of an item is
     */
    static Done<Boolean> store(Tx tx, NewJob parent, List<NewJob> children) {
        if (!Queueing.store(tx, List.of(parent)).get(0).stored()) {
            return Done.of(false);
        }
        List<Stored> stored = Queueing.store(tx, children);
        List<Pending> messages = new ArrayList<>();
        List<Count> counts = new ArrayList<>();
        Set<UUID> capacities = new HashSet<>();
        List<Integer> known = new ArrayList<>();
        counts.add(Count.accepted(parent.order().code()));
        for (int i = 0; i < stored.size(); i++) {
            Stored child = stored.get(i);
            if (!child.stored()) {
                known.add(i);
            }
            if (child.message() != null) {
                messages.add(child.message());
            }
            if (child.capacity() != null) {
                capacities.add(child.capacity());
            }
            counts.add(Count.accepted(child.job().order().code()));
        }
        if (!known.isEmpty()) {
            throw new KnownItemsException(known);
        }
        return new Done<>(true, new Effects(messages, List.of(), counts, false, false, capacities, false));
    }
}
