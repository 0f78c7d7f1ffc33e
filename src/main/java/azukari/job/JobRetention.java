package azukari.job;

import azukari.database.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The statements that delete what ended long ago. */
public final class JobRetention {
    /**
     * A chain is deleted as a whole: once its last job ended before the given time, and none of its jobs waits for a
     * person.
     */
    private static final String ENDED_CHAINS = """
            SELECT job FROM job_state
             WHERE %sfirst AND finished_at >= %s AND finished_at < ? AND state <> 'UNCERTAIN'
               AND NOT EXISTS (SELECT 1 FROM event emitted JOIN job_state other ON other.job = emitted.id
                                WHERE emitted.root = job_state.job AND emitted.parent IS NOT NULL
                                  AND (other.finished_at IS NULL OR other.finished_at >= ?
                                       OR other.state = 'UNCERTAIN'))
             ORDER BY finished_at LIMIT ? FOR UPDATE SKIP LOCKED
            """;

    static final String LOCK_ENDED_CHAINS = ENDED_CHAINS.formatted("", JobTable.EVER);
    private static final String LOCK_ENDED_OF = ENDED_CHAINS.formatted("job = ANY(?) AND ", JobTable.EVER);

    /** Ids increase with time, so a chain's first job comes last here. */
    private static final String OF_CHAIN = """
            SELECT id FROM event WHERE root = ? ORDER BY id DESC LIMIT ?
            """;

    /** Conditional again: a job may be retried at this very moment; then the first job of its chain is kept, too. */
    private static final String DELETE_STATE = """
            DELETE FROM job_state
             WHERE job = ? AND finished_at < ?
               AND NOT EXISTS (SELECT 1 FROM event emitted WHERE emitted.root = job_state.job AND emitted.parent IS NOT NULL)
            """;

    /** What belongs to jobs that no longer have a state. */
    private static final List<String> DELETE_REST = List.of(
            "DELETE FROM run WHERE job = ANY(?)",
            "DELETE FROM job_result WHERE job = ANY(?)",
            "DELETE FROM large_body WHERE event = ANY(?)",
            "DELETE FROM event WHERE id = ANY(?)");

    private JobRetention() {}

    /** Locks the first jobs of up to {@code limit} chains that ended before the given time, skipping locked rows. */
    public static List<UUID> lockEndedChains(Tx tx, Instant before, int limit) {
        return tx.query(LOCK_ENDED_CHAINS, row -> row.getObject(1, UUID.class), before, before, limit);
    }

    /** Locks those of these chains' first jobs whose chains ended before the given time, skipping locked rows. */
    public static List<UUID> lockEndedChains(Tx tx, Instant before, List<UUID> of) {
        return tx.queryAll(LOCK_ENDED_OF, row -> row.getObject(1, UUID.class), of, before, before, of.size());
    }

    /** Up to {@code limit} jobs of a chain, the first one last. */
    public static List<UUID> ofChain(Tx tx, UUID root, int limit) {
        return tx.query(OF_CHAIN, row -> row.getObject(1, UUID.class), root, limit);
    }

    /**
     * Deletes jobs that ended before the given time, with everything that belongs to them; the first job of a chain
     * only after the others.
     */
    public static void delete(Tx tx, List<UUID> jobs, Instant before) {
        List<UUID> left = deleteFree(tx, jobs, before);
        deleteFree(tx, left, before);
    }

    /** Deletes those that no other job needs, and returns the rest. */
    private static List<UUID> deleteFree(Tx tx, List<UUID> jobs, Instant before) {
        int[] counts = tx.batch(
                DELETE_STATE,
                jobs.stream().map(job -> new Object[] {job, before}).toList());
        List<UUID> deleted = new ArrayList<>();
        List<UUID> left = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            (counts[i] == 1 ? deleted : left).add(jobs.get(i));
        }
        if (!deleted.isEmpty()) {
            DELETE_REST.forEach(statement -> tx.updateAll(statement, deleted));
        }
        return left;
    }
}
