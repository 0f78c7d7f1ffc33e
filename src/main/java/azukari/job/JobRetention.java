package azukari.job;

import azukari.database.Tx;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The statements that delete what ended long ago. */
public final class JobRetention {
    /** A chain goes as a whole: when its last job has ended before the time, and none of it waits for somebody. */
    static final String LOCK_ENDED_CHAINS = """
            SELECT id FROM job
             WHERE finished_at >= %s AND finished_at < ? AND parent IS NULL AND state <> 'UNCERTAIN'
               AND NOT EXISTS (SELECT 1 FROM job other
                                WHERE other.root = job.id
                                  AND (other.finished_at IS NULL OR other.finished_at >= ? OR other.state = 'UNCERTAIN'))
             ORDER BY finished_at LIMIT ? FOR UPDATE SKIP LOCKED
            """.formatted(JobTable.EVER);

    /** Ids grow with time, so a chain's first job is the last one here. */
    private static final String OF_CHAIN = """
            SELECT id FROM job WHERE root = ? ORDER BY id DESC LIMIT ?
            """;

    /** Their runs go with them. Conditional once more: one may be retried at this very moment; then the first one stays. */
    private static final String DELETE = """
            DELETE FROM job
             WHERE id = ? AND finished_at < ?
               AND NOT EXISTS (SELECT 1 FROM job other WHERE other.root = job.id AND other.id <> job.id)
            """;

    private JobRetention() {}

    /** Locks the first jobs of up to {@code limit} chains that ended before the given time, less what others hold. */
    public static List<UUID> lockEndedChains(Tx tx, Instant before, int limit) {
        return tx.query(LOCK_ENDED_CHAINS, row -> row.getObject(1, UUID.class), before, before, limit);
    }

    /** Up to {@code limit} jobs of a chain, the first one last. */
    public static List<UUID> ofChain(Tx tx, UUID root, int limit) {
        return tx.query(OF_CHAIN, row -> row.getObject(1, UUID.class), root, limit);
    }

    /** Deletes jobs that ended before the given time, with their runs. */
    public static void delete(Tx tx, List<UUID> jobs, Instant before) {
        tx.batch(DELETE, jobs.stream().map(job -> new Object[] {job, before}).toList());
    }
}
