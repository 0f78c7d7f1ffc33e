package azukari.limit;

import azukari.catalog.Channel;
import azukari.catalog.Rate;
import azukari.database.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** The statements on the channels. */
public final class ChannelTable {
    private static final String COLUMNS =
            "name, declared_rate, declared_concurrency, rate, concurrency, per_node, paused";

    private static final String ALL = "SELECT " + COLUMNS + " FROM channel ORDER BY name";
    private static final String LOCK = "SELECT " + COLUMNS + " FROM channel WHERE name = ? FOR UPDATE";
    private static final String OF =
            "SELECT " + COLUMNS + " FROM channel WHERE name IN (SELECT channel FROM capacity WHERE id = ANY(?))";

    private static final String OF_WITH_CLOCK = "SELECT clock.now, " + COLUMNS
            + " FROM (SELECT clock_timestamp() AS now) clock"
            + " LEFT JOIN channel ON name IN (SELECT channel FROM capacity WHERE id = ANY(?))";

    private static final String ADD = """
            INSERT INTO channel (name) VALUES (?) ON CONFLICT DO NOTHING
            """;

    /** What an operator changed holds until the declaration changes. */
    private static final String DECLARE = """
            UPDATE channel
               SET rate = CASE WHEN declared_rate IS DISTINCT FROM CAST(? AS varchar(16)) THEN CAST(? AS varchar(16)) ELSE rate END,
                   concurrency = CASE WHEN declared_concurrency IS DISTINCT FROM CAST(? AS integer) THEN CAST(? AS integer)
                                      ELSE concurrency END,
                   declared_rate = ?, declared_concurrency = ?, per_node = ?
             WHERE name = ?
            """;

    private static final String CHANGE = """
            UPDATE channel SET rate = ?, concurrency = ? WHERE name = ?
            """;

    private static final String PAUSE = """
            UPDATE channel SET paused = ? WHERE name = ?
            """;

    private static final String NODES = """
            SELECT COUNT(*) FROM node WHERE NOT signed_off
            """;

    private ChannelTable() {}

    /** All channels, sorted by name. */
    public static List<ChannelRow> all(Tx tx) {
        return tx.query(ALL, ChannelTable::map);
    }

    /** Locks a channel's row; empty if there is no such channel. */
    public static Optional<ChannelRow> lock(Tx tx, String name) {
        return tx.query(LOCK, ChannelTable::map, name).stream().findFirst();
    }

    /** The channels of these capacities. */
    static List<ChannelRow> of(Tx tx, Collection<UUID> capacities) {
        return tx.queryAll(OF, ChannelTable::map, capacities);
    }

    /** Finds the channels of these capacities, and returns PostgreSQL's time, in one statement. */
    static Instant withClock(Tx tx, Collection<UUID> capacities, Consumer<ChannelRow> found) {
        return tx.queryAll(
                        OF_WITH_CLOCK,
                        row -> {
                            if (row.getString("name") != null) {
                                found.accept(map(row));
                            }
                            return Tx.instant(row, "now");
                        },
                        capacities)
                .get(0);
    }

    /**
     * Stores what {@code channels.yaml} says; what it said before and an operator has changed since stays changed.
     *
     * @param perNode for HTTP targets without a concurrency
     */
    public static void declare(Tx tx, Channel channel, Optional<Integer> perNode) {
        String rate = channel.rate().map(Rate::write).orElse(null);
        Integer concurrency = channel.concurrency().orElse(null);
        tx.update(ADD, channel.name());
        tx.update(
                DECLARE, rate, rate, concurrency, concurrency, rate, concurrency, perNode.orElse(null), channel.name());
    }

    /** Changes what holds. */
    public static void change(Tx tx, String name, Optional<Rate> rate, Optional<Integer> concurrency) {
        tx.update(CHANGE, rate.map(Rate::write).orElse(null), concurrency.orElse(null), name);
    }

    public static void pause(Tx tx, String name, boolean paused) {
        tx.update(PAUSE, paused, name);
    }

    /** How many nodes have not signed off. */
    static int nodes(Tx tx) {
        return tx.query(NODES, row -> row.getInt(1)).get(0);
    }

    private static ChannelRow map(ResultSet row) throws SQLException {
        return new ChannelRow(
                row.getString("name"),
                Optional.ofNullable(row.getString("declared_rate")).map(Rate::parse),
                Optional.ofNullable(row.getObject("declared_concurrency", Integer.class)),
                Optional.ofNullable(row.getString("rate")).map(Rate::parse),
                Optional.ofNullable(row.getObject("concurrency", Integer.class)),
                Optional.ofNullable(row.getObject("per_node", Integer.class)),
                row.getBoolean("paused"));
    }
}
