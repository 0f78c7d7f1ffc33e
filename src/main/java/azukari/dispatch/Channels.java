package azukari.dispatch;

import azukari.catalog.Catalog;
import azukari.catalog.Channel;
import azukari.catalog.HandlerSpec;
import azukari.catalog.Rate;
import azukari.database.Database;
import azukari.database.Tx;
import azukari.handler.http.HttpTarget;
import azukari.limit.CapacityTable;
import azukari.limit.ChannelRow;
import azukari.limit.ChannelState;
import azukari.limit.ChannelTable;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The channels: declared at the start, and changed, paused and resumed by people. */
@Service
public class Channels {
    /** How many calls each node makes at a time through a channel of HTTP targets that declares no concurrency. */
    private static final int PER_NODE = 16;

    private final Database database;
    private final Catalog catalog;
    private final Admission admission;

    @Inject
    public Channels(Database database, Catalog catalog, Admission admission) {
        this.database = database;
        this.catalog = catalog;
        this.admission = admission;
    }

    /** Stores what the catalogue declares; whoever waits under the limits of before is looked at once more. */
    public void declare() {
        database.inTransaction(tx -> {
            catalog.channels().forEach(channel -> ChannelTable.declare(tx, channel, perNode(channel)));
            return null;
        });
        catalog.channels().forEach(channel -> admission.lookAtAllOf(channel.name()));
        if (catalog.channels().stream()
                .anyMatch(channel ->
                        channel.rate().isPresent() && perNode(channel).isPresent())) {
            HttpTarget.warmUp();
        }
    }

    private Optional<Integer> perNode(Channel channel) {
        boolean targets = catalog.items().stream()
                .anyMatch(type -> type.handler() instanceof HandlerSpec.HttpHandler
                        && type.channels().stream().anyMatch(use -> use.name().equals(channel.name())));
        return targets ? Optional.of(PER_NODE) : Optional.empty();
    }

    /** All channels, sorted by name. */
    public List<ChannelState> all() {
        return database.inTransaction(ChannelState::all);
    }

    public Optional<ChannelState> find(String name) {
        return database.inTransaction(tx -> ChannelState.find(tx, name));
    }

    /**
     * Changes a channel's limits on every node; the new ones hold for whatever begins from now on, and nothing that the outside asked for
     * before does any longer.
     */
    public Optional<ChannelState> change(String name, Optional<Rate> rate, Optional<Integer> concurrency) {
        return change(name, tx -> {
            ChannelTable.change(tx, name, rate, concurrency);
            CapacityTable.reopen(tx, name);
        });
    }

    /** Pauses a channel, so that no call begins, or resumes it, also where the outside had closed it. */
    public Optional<ChannelState> pause(String name, boolean paused) {
        return change(name, tx -> {
            ChannelTable.pause(tx, name, paused);
            if (!paused) {
                CapacityTable.reopen(tx, name);
            }
        });
    }

    private Optional<ChannelState> change(String name, Consumer<Tx> change) {
        boolean found = database.inTransaction(tx -> {
            Optional<ChannelRow> channel = ChannelTable.lock(tx, name);
            channel.ifPresent(row -> change.accept(tx));
            return channel.isPresent();
        });
        if (!found) {
            return Optional.empty();
        }
        admission.lookAtAllOf(name);
        return find(name);
    }
}
