package azukari.limit;

import azukari.database.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A channel and what happens in it.
 *
 * @param inFlight how many jobs hold it: on the wire or running
 * @param waiting how many jobs wait for it; counting stops at 10,000
 * @param keys how many keys have a share of it; counting stops at 10,000
 * @param perSecond how many calls began in a second, on average, in about the last ten; null: without a rate they are not counted
 * @param closedUntil until when the outside asked not to be called; null: open
 * @param closedKeys keys that are closed, up to 20, the longest first
 * @param learnedInterval from one call to the next at the moment, in microseconds, if the outside made it longer; otherwise null
 */
public record ChannelState(
        ChannelRow channel,
        int inFlight,
        int waiting,
        int keys,
        Double perSecond,
        Instant closedUntil,
        List<ClosedKey> closedKeys,
        Long learnedInterval) {
    private static final int MOST_CLOSED = 20;
    private static final int MOST = 10_000;

    private static final String HELD = """
            SELECT COUNT(*) FROM (SELECT 1 FROM capacity c JOIN permit p ON p.capacity = c.id AND p.phase = 2
             WHERE c.channel = ? LIMIT ?) AS counted
            """;

    private static final String WAITING = """
            SELECT COUNT(*) FROM (SELECT 1 FROM capacity c JOIN permit p ON p.capacity = c.id AND p.phase = 1
             WHERE c.channel = ? LIMIT ?) AS counted
            """;

    private static final String KEYS = """
            SELECT COUNT(*) FROM (SELECT 1 FROM capacity WHERE channel = ? AND key_value IS NOT NULL LIMIT ?) AS counted
            """;

    /** All channels, sorted by name. */
    public static List<ChannelState> all(Tx tx) {
        return ChannelTable.all(tx).stream().map(channel -> of(tx, channel)).toList();
    }

    public static Optional<ChannelState> find(Tx tx, String name) {
        return ChannelTable.all(tx).stream()
                .filter(channel -> channel.name().equals(name))
                .findFirst()
                .map(channel -> of(tx, channel));
    }

    private static ChannelState of(Tx tx, ChannelRow channel) {
        Optional<Capacity> shared = CapacityTable.read(
                        tx, List.of(Need.channel(channel.name()).capacity()))
                .stream()
                .findFirst();
        Instant clock = CapacityTable.clock(tx);
        return new ChannelState(
                channel,
                count(tx, HELD, channel),
                count(tx, WAITING, channel),
                count(tx, KEYS, channel),
                channel.rate().isPresent() ? CapacityTable.perSecond(tx, channel.name(), clock, MOST) : null,
                shared.map(Capacity::closedUntil).filter(clock::isBefore).orElse(null),
                CapacityTable.closedKeys(tx, channel.name(), clock, MOST_CLOSED),
                shared.filter(capacity -> capacity.learned() != null)
                        .map(capacity ->
                                capacity.pace(channel, clock).interval().toNanos() / 1000)
                        .orElse(null));
    }

    private static int count(Tx tx, String sql, ChannelRow channel) {
        return tx.query(sql, row -> row.getInt(1), channel.name(), MOST).get(0);
    }
}
