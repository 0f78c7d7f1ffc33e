package azukari.job;

import azukari.database.GroupStatement;
import azukari.database.Tx;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The statements on parents and their children (rule 14). A child's end is a row of its own; whoever counts takes those rows and
 * changes the parent's counters in the same transaction, so that each end is counted once and no two ends wait for one another.
 *
 * <p>Whoever changes anything of a family but by a child's end locks from the top down: the parent, its children, and their ends
 * that are not counted yet.
 */
public final class FamilyTable {
    private static final GroupStatement<Ended> ADD = GroupStatement.insert("""
                    INSERT INTO ended_child (job, parent, succeeded) VALUES (:job, :parent, :succeeded)
                    """, Comparator.comparing(Ended::job))
            .id("job", Ended::job)
            .id("parent", Ended::parent)
            .flag("succeeded", Ended::succeeded)
            .build();

    static final String TO_COUNT = """
            SELECT parent FROM ended_child GROUP BY parent ORDER BY parent LIMIT ?
            """;

    static final String LOCK_PARENTS = """
            SELECT job FROM job_state WHERE job = ANY(?) ORDER BY job FOR UPDATE
            """;

    private static final String LOCK_PARENT_OF = """
            SELECT s.job FROM job_state s
             WHERE s.job = (SELECT e.parent FROM event e WHERE e.id = ? AND e.parent_ordinal < 0) FOR UPDATE
            """;

    static final String LOCK_ENDED = """
            SELECT parent, job, succeeded FROM ended_child WHERE parent = ANY(?)
             ORDER BY parent, job LIMIT ? FOR UPDATE SKIP LOCKED
            """;

    private static final String FORGET = """
            DELETE FROM ended_child WHERE parent = ? AND job = ?
            """;

    private static final String FORGET_COUNTED = """
            DELETE FROM ended_child WHERE job = ANY(?) AND parent = ?
            """;

    private static final String FORGET_ALL = """
            DELETE FROM ended_child WHERE parent = ?
            """;

    private static final String COUNT = """
            UPDATE job_state
               SET children_succeeded = children_succeeded + ?, children_failed = children_failed + ?,
                   progress_percent = (children_succeeded + children_failed + ?) * 100 / children,
                   progress_message = CONCAT(children_succeeded + children_failed + ?, ' of ', children, ' have ended')
             WHERE job = ? AND children IS NOT NULL
            """;

    private static final String READ = """
            SELECT job, children, children_succeeded, children_failed FROM job_state
             WHERE job = ANY(?) AND children IS NOT NULL
            """;

    private static final GroupStatement<FanOut> FAN_OUT = GroupStatement.update(
                    """
                    UPDATE job_state
                       SET children = :children, children_succeeded = 0, children_failed = 0, progress_percent = 0,
                           progress_message = NULL
                     :group
                     WHERE job = :parent AND state = 'RUNNING' AND fence = :fence
                    """, Comparator.comparing(FanOut::parent))
            .id("parent", FanOut::parent)
            .number("fence", FanOut::fence)
            .number("children", FanOut::children)
            .build();

    private static final String OPEN_CHILDREN = """
            SELECT job FROM job_state
             WHERE job IN (SELECT id FROM event WHERE parent = ? AND parent_ordinal < 0)
               AND finished_at IS NULL AND NOT cancelling
             ORDER BY job LIMIT ?
            """;

    private static final String LOCK_OPEN_CHILDREN = OPEN_CHILDREN.strip() + " FOR UPDATE SKIP LOCKED";

    private static final String LOCK_FAILED_CHILDREN = """
            SELECT job FROM job_state
             WHERE job IN (SELECT id FROM event WHERE parent = ? AND parent_ordinal < 0)
               AND finished_at IS NOT NULL AND state <> 'SUCCEEDED'
             ORDER BY job FOR UPDATE
            """;

    /** What every end was counted as, or still is to be. */
    private static final String RECOUNT = """
            UPDATE job_state
               SET state = 'WAITING', waiting_for = 'CHILDREN', due_at = ?, expires_at = ?, generation = generation + 1,
                   finished_at = NULL, error_kind = NULL, error_message = NULL,
                   children = (SELECT COUNT(*) FROM event e WHERE e.parent = ? AND e.parent_ordinal < 0),
                   children_succeeded = (SELECT COUNT(*) FROM job_state s JOIN event e ON e.id = s.job
                                          WHERE e.parent = ? AND e.parent_ordinal < 0 AND s.state = 'SUCCEEDED'
                                            AND NOT EXISTS (SELECT 1 FROM ended_child c
                                                             WHERE c.parent = e.parent AND c.job = e.id)),
                   children_failed = (SELECT COUNT(*) FROM job_state s JOIN event e ON e.id = s.job
                                       WHERE e.parent = ? AND e.parent_ordinal < 0
                                         AND s.finished_at IS NOT NULL AND s.state <> 'SUCCEEDED'
                                         AND NOT EXISTS (SELECT 1 FROM ended_child c
                                                          WHERE c.parent = e.parent AND c.job = e.id))
             WHERE job = ? AND state = ? AND fence = ?
            """;

    private static final String WAIT_FOR_CANCELLED = """
            UPDATE job_state SET due_at = expires_at WHERE job = ? AND state = 'WAITING' AND waiting_for = 'CHILDREN'
            """;

    private FamilyTable() {}

    /** A child that has ended. */
    public record Ended(UUID job, UUID parent, boolean succeeded) {}

    /** A job that is about to wait for so many children. */
    public record FanOut(UUID parent, long fence, int children) {}

    /** Notes ends, which {@link #count} counts. */
    public static void add(Tx tx, List<Ended> children) {
        ADD.run(tx, children);
    }

    /** Parents with ends that are not counted yet. */
    public static List<UUID> toCount(Tx tx, int limit) {
        return tx.query(TO_COUNT, row -> row.getObject(1, UUID.class), limit);
    }

    /**
     * Counts up to {@code limit} ends with these parents, which it locks first.
     *
     * @return how many were counted
     */
    public static int count(Tx tx, List<UUID> parents, int limit) {
        tx.queryAll(LOCK_PARENTS, row -> row.getObject(1, UUID.class), parents);
        List<Ended> ended = tx.queryAll(
                LOCK_ENDED,
                row -> new Ended(row.getObject(2, UUID.class), row.getObject(1, UUID.class), row.getBoolean(3)),
                parents,
                limit);
        ended.stream()
                .collect(Collectors.groupingBy(Ended::parent, Collectors.mapping(Ended::job, Collectors.toList())))
                .forEach((parent, jobs) -> tx.updateAll(FORGET_COUNTED, jobs, parent));
        Map<UUID, int[]> counts = new HashMap<>();
        ended.forEach(
                child -> counts.computeIfAbsent(child.parent(), parent -> new int[2])[child.succeeded() ? 0 : 1]++);
        tx.batch(
                COUNT,
                counts.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> {
                            int succeeded = entry.getValue()[0];
                            int failed = entry.getValue()[1];
                            int both = succeeded + failed;
                            return new Object[] {succeeded, failed, both, both, entry.getKey()};
                        })
                        .toList());
        return ended.size();
    }

    /** Locks the parent of a child that may be about to run again, or to end otherwise, before the child is locked. */
    public static void lockParentOf(Tx tx, UUID child) {
        tx.query(LOCK_PARENT_OF, row -> row.getObject(1, UUID.class), child);
    }

    /** Takes back that a child of a locked parent has ended, which was without success: it is about to run again, or to end otherwise. */
    public static void takeBack(Tx tx, UUID parent, UUID child) {
        if (tx.update(FORGET, parent, child) == 0) {
            tx.update(COUNT, 0, -1, -1, -1, parent);
        }
    }

    /** Forgets the ends of children that are not counted yet, for whoever is about to count all of them. */
    public static void forgetEnds(Tx tx, UUID parent) {
        tx.update(FORGET_ALL, parent);
    }

    /** Which of these jobs have children. */
    public static Set<UUID> parents(Tx tx, Collection<UUID> jobs) {
        return read(tx, jobs).stream().map(Family::parent).collect(Collectors.toSet());
    }

    /** Those of these jobs that have children. */
    public static List<Family> read(Tx tx, Collection<UUID> jobs) {
        return tx.queryAll(
                READ,
                row -> new Family(row.getObject(1, UUID.class), row.getInt(2), row.getInt(3), row.getInt(4)),
                jobs);
    }

    /** The job's children; empty if it has none. */
    public static Optional<Family> read(Tx tx, UUID job) {
        return read(tx, List.of(job)).stream().findFirst();
    }

    /** Makes jobs the parents of so many children, each if its run with this fence is going on. */
    public static void fanOut(Tx tx, List<FanOut> parents) {
        FAN_OUT.run(tx, parents);
    }

    /** Locks up to {@code limit} children that have neither ended nor been asked to, skipping locked rows. */
    public static List<UUID> lockOpen(Tx tx, UUID parent, int limit) {
        return tx.query(LOCK_OPEN_CHILDREN, row -> row.getObject(1, UUID.class), parent, limit);
    }

    /** Whether there are children that have neither ended nor been asked to, locked or not. */
    public static boolean hasOpen(Tx tx, UUID parent) {
        return !tx.query(OPEN_CHILDREN, row -> row.getObject(1, UUID.class), parent, 1)
                .isEmpty();
    }

    /** Locks the children that have ended without success. */
    public static List<UUID> lockFailed(Tx tx, UUID parent) {
        return tx.query(LOCK_FAILED_CHILDREN, row -> row.getObject(1, UUID.class), parent);
    }

    /** Makes a locked, ended parent wait for its children once more, as a new generation, with counters as its children are now. */
    public static void waitAgain(Tx tx, Standing parent, Instant expiresAt) {
        Transitions.next(parent.job(), parent.state(), JobEvent.RETRY_CHILDREN);
        UUID job = parent.job();
        if (tx.update(
                        RECOUNT,
                        expiresAt,
                        expiresAt,
                        job,
                        job,
                        job,
                        job,
                        parent.state(),
                        parent.ticket().fence())
                != 1) {
            throw new IllegalStateException("job " + job + " changed although its row was locked");
        }
        tx.update(COUNT, 0, 0, 0, 0, job); // The progress, too.
    }

    /** All children of a locked parent that is to be cancelled were asked to end: it waits for their ends. */
    public static void waitForCancelled(Tx tx, UUID parent) {
        tx.update(WAIT_FOR_CANCELLED, parent);
    }
}
