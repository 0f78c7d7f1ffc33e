package azukari.bench.server;

import azukari.database.Database;
import azukari.outbox.Outbox.Pending;
import azukari.outbox.Packing;
import azukari.outbox.Relay;
import azukari.outbox.Round;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.jms.ConnectionFactory;
import java.util.List;

/** The relay, which is told of each message when its row is committed, with the time of it. */
@Service
@Alternative
@Priority(1)
public class TimedRelay extends Relay {
    private final Pickups pickups;

    @Inject
    public TimedRelay(
            Database database,
            Threads threads,
            Round round,
            ConnectionFactory factory,
            Packing packing,
            Pickups pickups) {
        super(database, threads, round, factory, packing);
        this.pickups = pickups;
    }

    @Override
    public void offer(List<Pending> messages) {
        for (Pending message : messages) {
            if (message.envelope().code().equals(PickupHandler.CODE)) {
                pickups.committed(message.envelope().job());
            }
        }
        super.offer(messages);
    }
}
