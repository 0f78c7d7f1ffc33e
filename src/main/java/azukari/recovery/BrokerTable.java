package azukari.recovery;

import azukari.broker.Marks.Mark;
import azukari.database.Tx;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * SQL statements for what is known about brokers: their marks, the broker that each node last saw, and the rounds of
 * requeueing.
 */
final class BrokerTable {
    private static final String SEEN = """
            SELECT r.round AS present, n.round AS seen, n.broker, b.stamp
              FROM requeue r
              LEFT JOIN node n ON n.name = ?
              LEFT JOIN broker b ON b.name = n.broker
            """;

    private static final String NOTE = """
            UPDATE node SET broker = ?, round = ? WHERE name = ?
            """;

    private static final String WITH_ANOTHER = """
            SELECT name, beat FROM node WHERE name <> ? AND NOT signed_off AND broker <> ? ORDER BY name
            """;

    private static final String LOCK_STAMP = """
            SELECT stamp FROM broker WHERE name = ? FOR UPDATE
            """;

    private static final String RAISE_STAMP = """
            UPDATE broker SET stamp = ? WHERE name = ? AND stamp < ?
            """;

    private static final String INSERT = """
            INSERT INTO broker (name, stamp) VALUES (?, ?)
            """;

    private static final String LOCK_ROUND = """
            SELECT round FROM requeue FOR UPDATE
            """;

    private static final String NEXT_ROUND = """
            UPDATE requeue SET round = round + 1, going_on = TRUE, done_to = NULL, last_job = NULL
            """;

    private static final String LOCK_GOING_ON = """
            SELECT done_to, last_job FROM requeue WHERE going_on FOR UPDATE SKIP LOCKED
            """;

    private static final String PROGRESS = """
            UPDATE requeue SET going_on = ?, done_to = ?, last_job = ?
            """;

    private BrokerTable() {}

    /**
     * What a node knows about its broker.
     *
     * @param present the current round
     * @param seen the round in which the node last saw its broker
     * @param broker the name of that broker; null if there is none
     * @param stamp the stamp of that broker's mark; null if there is none
     */
    record Seen(long present, long seen, UUID broker, Long stamp) {
        /** Whether this mark shows the same broker, and not an old copy of it. */
        boolean fits(Optional<Mark> mark) {
            return stamp != null
                    && mark.filter(found -> found.broker().equals(broker) && isPresent(found, stamp))
                            .isPresent();
        }
    }

    /**
     * Whether a broker's mark is as recent as the table. It may be one ahead if a node died between writing it and
     * committing; if it is further ahead, the database is the old copy.
     */
    static boolean isPresent(Mark mark, long stamp) {
        return mark.stamp() == stamp || mark.stamp() == stamp + 1;
    }

    /**
     * How far a round has progressed.
     *
     * @param doneTo the last job that was processed; null if the round has just begun
     * @param last the last job of the round; null if the round has just begun
     */
    record Progress(UUID doneTo, UUID last) {}

    static Seen seen(Tx tx, String node) {
        return tx.query(
                        SEEN,
                        row -> new Seen(
                                row.getLong("present"),
                                row.getLong("seen"),
                                row.getObject("broker", UUID.class),
                                row.getObject("stamp", Long.class)),
                        node)
                .get(0);
    }

    /** Another node, and how often it has beaten. */
    record OtherNode(String name, long beat) {}

    /** Other nodes that have not signed off and last saw another broker than this one. */
    static List<OtherNode> withAnother(Tx tx, String node, UUID broker) {
        return tx.query(WITH_ANOTHER, row -> new OtherNode(row.getString(1), row.getLong(2)), node, broker);
    }

    static void note(Tx tx, String node, UUID broker, long round) {
        tx.update(NOTE, broker, round, node);
    }

    /** Locks a broker's row and returns its stamp; empty if the broker is unknown. */
    static OptionalLong lockStamp(Tx tx, UUID broker) {
        return tx.query(LOCK_STAMP, row -> row.getLong(1), broker).stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /** Records a mark that is on the broker; a mark older than the recorded one changes nothing. */
    static void raiseStamp(Tx tx, Mark mark) {
        tx.update(RAISE_STAMP, mark.stamp(), mark.broker(), mark.stamp());
    }

    static void insert(Tx tx, Mark mark) {
        tx.update(INSERT, mark.broker(), mark.stamp());
    }

    /** Locks the round, so that of several nodes that see an unfamiliar broker only one decides at a time. */
    static long lockRound(Tx tx) {
        return tx.query(LOCK_ROUND, row -> row.getLong(1)).get(0);
    }

    /** Begins the next round. */
    static void nextRound(Tx tx) {
        tx.update(NEXT_ROUND);
    }

    /** Locks the round in progress; empty if there is none or another node is processing it. */
    static Optional<Progress> lockGoingOn(Tx tx) {
        return tx
                .query(LOCK_GOING_ON, row -> new Progress(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                .stream()
                .findFirst();
    }

    static void progress(Tx tx, boolean goingOn, UUID doneTo, UUID last) {
        tx.update(PROGRESS, goingOn, doneTo, last);
    }
}
