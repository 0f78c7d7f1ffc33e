package azukari.node;

import azukari.database.Tx;
import azukari.job.JobDeaths;
import azukari.job.JobDeaths.Interrupted;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** SQL statements for the table of nodes. */
final class NodeTable {
    /** For {@link Heartbeat}, which has a connection of its own. */
    static final String BEAT = """
            UPDATE node SET beat = beat + 1 WHERE name = ? AND incarnation = ?
            """;

    /** For {@link Heartbeat}. */
    static final String READ_ALL = """
            SELECT name, instance, incarnation, beat, signed_off FROM node
            """;

    private static final String FIND = """
            SELECT name, instance, incarnation, beat, signed_off FROM node WHERE name = ?
            """;

    private static final String INSERT = """
            INSERT INTO node (name, instance, incarnation, beat, signed_off) VALUES (?, ?, ?, 0, FALSE)
            ON CONFLICT DO NOTHING
            """;

    private static final String TAKE = """
            UPDATE node
               SET instance = ?, incarnation = ?, beat = 0, signed_off = FALSE, draining = FALSE
             WHERE name = ? AND incarnation = ? AND beat = ?
            """;

    private static final String RENEW = """
            UPDATE node SET incarnation = ?, beat = 0, signed_off = FALSE, draining = FALSE
             WHERE name = ? AND instance = ?
            """;

    private static final String RETIRE = """
            UPDATE node SET incarnation = ?, signed_off = TRUE WHERE name = ? AND incarnation = ? AND beat = ?
            """;

    private static final String SIGN_OFF = """
            UPDATE node SET signed_off = TRUE WHERE name = ? AND incarnation = ?
            """;

    private static final String DRAIN = """
            UPDATE node SET draining = TRUE WHERE name = ? AND incarnation = ?
            """;

    private static final String IS_DRAINING = """
            SELECT draining FROM node WHERE name = ?
            """;

    private static final String PRESUME = """
            INSERT INTO presumed_death (node, job, blamed) VALUES (?, ?, ?)
            """;

    private static final String PRESUMED = """
            SELECT job, blamed FROM presumed_death WHERE node = ? ORDER BY job
            """;

    private static final String FORGET = """
            DELETE FROM presumed_death WHERE node = ?
            """;

    private NodeTable() {}

    /**
     * A node's row.
     *
     * @param instance the id of the data folder that it runs on
     * @param incarnation its current life; the owner of what it runs
     * @param beat grows while it lives
     * @param signedOff whether that life ended cleanly, or was ended by a rescuer
     */
    record Node(String name, UUID instance, UUID incarnation, long beat, boolean signedOff) {}

    static Optional<Node> find(Tx tx, String name) {
        List<Node> found = tx.query(
                FIND,
                row -> new Node(
                        row.getString(1),
                        row.getObject(2, UUID.class),
                        row.getObject(3, UUID.class),
                        row.getLong(4),
                        row.getBoolean(5)),
                name);
        return found.stream().findFirst();
    }

    static boolean insert(Tx tx, String name, UUID instance, UUID incarnation) {
        return tx.update(INSERT, name, instance, incarnation) == 1;
    }

    /** Begins a new incarnation in place of one whose process is dead, if the row is still as it was seen. */
    static boolean take(Tx tx, Node seen, UUID instance, UUID incarnation) {
        boolean draining = isDraining(tx, seen.name());
        boolean taken = tx.update(TAKE, instance, incarnation, seen.name(), seen.incarnation(), seen.beat()) == 1;
        if (taken && !draining) {
            List<Interrupted> unused = JobDeaths.note(tx, seen.incarnation());
        }
        if (taken) {
            tx.update(FORGET, seen.name()); // It did die.
        }
        return taken;
    }

    /** Begins a new incarnation of a node that was presumed dead; false if another instance has its name now. */
    static boolean renew(Tx tx, String name, UUID instance, UUID incarnation) {
        boolean renewed = tx.update(RENEW, incarnation, name, instance) == 1;
        if (renewed) {
            JobDeaths.acquit(
                    tx,
                    tx.query(PRESUMED, row -> new Interrupted(row.getObject(1, UUID.class), row.getBoolean(2)), name));
            tx.update(FORGET, name);
        }
        return renewed;
    }

    /** Ends the incarnation of a node whose beat stands still; from then on, nobody owns its runs. */
    static boolean retire(Tx tx, Node seen, UUID nobody) {
        boolean retired = tx.update(RETIRE, nobody, seen.name(), seen.incarnation(), seen.beat()) == 1;
        if (retired && !isDraining(tx, seen.name())) {
            // Whether it died or only froze is not known yet: if it comes back, renew() acquits the jobs.
            tx.update(FORGET, seen.name());
            tx.batch(
                    PRESUME,
                    JobDeaths.note(tx, seen.incarnation()).stream()
                            .map(run -> new Object[] {seen.name(), run.job(), run.blamed()})
                            .toList());
        }
        return retired;
    }

    /** Records that the node is stopping: whatever is cut off from here on is due to the stop. */
    static void drain(Tx tx, String name, UUID incarnation) {
        tx.update(DRAIN, name, incarnation);
    }

    private static boolean isDraining(Tx tx, String name) {
        return tx.query(IS_DRAINING, row -> row.getBoolean(1), name).contains(true);
    }

    static void signOff(Tx tx, String name, UUID incarnation) {
        tx.update(SIGN_OFF, name, incarnation);
    }
}
