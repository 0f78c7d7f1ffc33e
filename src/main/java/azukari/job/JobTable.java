package azukari.job;

import azukari.database.Tx;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The statements on the job table, but for those that end runs ({@link RunTable}).
 *
 * <p>Each changing statement carries the state, and where there is one the fence and the owner, that it expects; its row
 * count tells whether this caller won. Losing is an ordinary outcome, never an SQL error.
 */
public final class JobTable {
    private static final String INSERT_IF_ABSENT = """
            INSERT INTO job (id, code, request_id, fingerprint, submitter, priority, body, lane, state, waiting_for, due_at,
                             fence, run, attempt, max_attempts, generation, doubtful,
                             parent, parent_generation, parent_ordinal, root, created_at, not_before, expires_at, extensions)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0, FALSE, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """;

    private static final String CLAIM = """
            UPDATE job
               SET state = 'RUNNING', fence = fence + 1, run = run + 1, attempt = attempt + 1, owner = ?, node = ?,
                   started_at = ?, progress_percent = NULL, progress_message = NULL
             WHERE id = ? AND state = 'QUEUED' AND fence = ?
            """;

    private static final String RUNNING_AMONG = """
            SELECT id, fence, owner FROM job WHERE id = ANY(?) AND state = 'RUNNING'
            """;

    private static final String EXPIRE = """
            UPDATE job
               SET state = ?, waiting_for = NULL, due_at = NULL, error_kind = 'EXPIRED', error_message = ?, finished_at = ?,
                   cancelling = FALSE
             WHERE id = ? AND state = ? AND fence = ?
            """;

    /**
     * A lower bound that keeps a search along an index of times from the rows without one: H2 has them in it, in front of all others.
     */
    static final String EVER = "TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'";

    static final String LOCK_DUE = """
            SELECT * FROM job WHERE due_at >= %s AND due_at <= ? ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED
            """.formatted(EVER);

    static final String NEXT_DUE = """
            SELECT due_at FROM job WHERE due_at >= %s ORDER BY due_at LIMIT 1
            """.formatted(EVER);

    private static final String QUEUE_DUE = """
            UPDATE job SET state = ?, waiting_for = NULL, due_at = NULL, fence = fence + 1
             WHERE id = ? AND state = 'WAITING' AND fence = ?
            """;

    static final String ORPHANS = """
            SELECT * FROM job
             WHERE state = 'RUNNING' AND owner NOT IN (SELECT incarnation FROM node)
             ORDER BY id LIMIT ?
            """;

    /** Said and sorted by state, though there is one only: by id alone, a planner may walk the primary key past all that ended. */
    private static final String LAST_QUEUED = """
            SELECT id FROM job WHERE state >= 'QUEUED' AND state <= 'QUEUED' ORDER BY state DESC, id DESC LIMIT 1
            """;

    private static final String QUEUED_BETWEEN = """
            SELECT id, fence FROM job
             WHERE (state, id) > ('QUEUED', ?) AND (state, id) <= ('QUEUED', ?)
             ORDER BY state, id LIMIT ?
            """;

    private static final String RESEND = """
            UPDATE job SET state = ?, fence = fence + 1 WHERE id = ? AND state = 'QUEUED' AND fence = ?
            """;

    private static final String PROGRESS = """
            UPDATE job SET progress_percent = ?, progress_message = ? WHERE id = ? AND state = 'RUNNING' AND fence = ?
            """;

    private static final String COUNT_UP_TO = """
            SELECT COUNT(*) FROM (SELECT 1 FROM job WHERE state = ? LIMIT ?) AS counted
            """;
    /** New jobs meet on these keys; the order is that of the locks that they take. */
    private static final Comparator<Job> BY_UNIQUE_KEYS = Comparator.comparing(
                    Job::requestId, Comparator.nullsLast(Comparator.<String>naturalOrder()))
            .thenComparing(Job::parent, Comparator.nullsLast(Comparator.<UUID>naturalOrder()))
            .thenComparing(Job::parentOrdinal, Comparator.nullsLast(Comparator.<Integer>naturalOrder()))
            .thenComparing(Job::id);

    private static final String STAMPS = """
            SELECT NEW azukari.job.JobStamp(j.id, j.state, j.fence, j.attempt, j.waitingFor, j.dueAt,
                                            j.progressPercent, j.progressMessage, j.finishedAt)
              FROM Job j WHERE j.id IN :ids
            """;

    private JobTable() {}

    /**
     * What a claim must match and sets.
     *
     * @param fence the fence in the message
     * @param owner the claiming node's incarnation
     */
    public record Claim(UUID job, long fence, UUID owner, String node, Instant now) {}

    /**
     * A QUEUED job as its message knows it.
     *
     * @param fence what the message must carry
     */
    public record Queued(UUID id, long fence) {}

    /**
     * A job whose id, {@code requestId} or place of emission is taken already counts 0 and changes nothing.
     *
     * @return 1 for each job that was stored
     */
    public static int[] insertIfAbsent(Tx tx, List<Job> jobs) {
        return tx.batch(INSERT_IF_ABSENT, jobs, BY_UNIQUE_KEYS, job -> new Object[] {
            job.id(),
            job.code(),
            job.requestId(),
            job.fingerprint(),
            job.submitter(),
            job.priority(),
            job.body(),
            job.lane(),
            job.state(),
            job.waitingFor(),
            job.dueAt(),
            job.fence(),
            job.maxAttempts(),
            job.parent(),
            job.parentGeneration(),
            job.parentOrdinal(),
            job.root(),
            job.createdAt(),
            job.notBefore(),
            job.expiresAt(),
            job.extensions()
        });
    }

    /** Claims QUEUED jobs by their fence; 1 where this node is now the owner. */
    public static int[] claim(Tx tx, List<Claim> claims) {
        return tx.batch(CLAIM, claims, Comparator.comparing(Claim::job), claim ->
                new Object[] {claim.owner(), claim.node(), claim.now(), claim.job(), claim.fence()});
    }

    /** Those claims that were committed before: the row is RUNNING with the very fence and owner that the claim sets. */
    public static Set<Claim> claimedBefore(Tx tx, List<Claim> claims) {
        record Running(UUID job, long fence, UUID owner) {}
        Set<Running> running = new HashSet<>(tx.queryAll(
                RUNNING_AMONG,
                row -> new Running(
                        row.getObject("id", UUID.class), row.getLong("fence"), row.getObject("owner", UUID.class)),
                claims.stream().map(Claim::job).toList()));
        return claims.stream()
                .filter(claim -> running.contains(new Running(claim.job(), claim.fence() + 1, claim.owner())))
                .collect(Collectors.toSet());
    }

    /** Fails a WAITING or QUEUED job that has outlived {@code expireAfter}; false when it is not as it was read. */
    public static boolean expire(Tx tx, UUID job, JobState from, long fence, Instant now) {
        JobState to = Transitions.next(job, from, JobEvent.EXPIRE);
        return tx.update(EXPIRE, to, "it did not end before it expired", now, job, from, fence) == 1;
    }

    /** Locks up to {@code limit} WAITING jobs whose time has come, the longest overdue first, less what others hold. */
    public static List<Job> lockDue(Tx tx, Instant now, int limit) {
        return jobs(tx.em(), LOCK_DUE, now, limit);
    }

    /** Puts a WAITING job that was locked by {@link #lockDue} into QUEUED; its fence is one higher afterwards. */
    public static boolean queueDue(Tx tx, Job job) {
        JobState to = Transitions.next(job.id(), job.state(), JobEvent.COME_DUE);
        return tx.update(QUEUE_DUE, to, job.id(), job.fence()) == 1;
    }

    /** The QUEUED job with the greatest id. */
    public static Optional<UUID> lastQueued(Tx tx) {
        return tx.query(LAST_QUEUED, row -> row.getObject(1, UUID.class)).stream()
                .findFirst();
    }

    /** QUEUED jobs behind one id up to another, in the order of their ids. */
    public static List<Queued> queuedBetween(Tx tx, UUID after, UUID upTo, int limit) {
        return tx.query(
                QUEUED_BETWEEN, row -> new Queued(row.getObject(1, UUID.class), row.getLong(2)), after, upTo, limit);
    }

    /** Makes the messages of QUEUED jobs stale; returns those that were as they were read, with what their new message is to carry. */
    public static List<Queued> resend(Tx tx, List<Queued> jobs) {
        int[] counts = tx.batch(
                RESEND,
                jobs.stream()
                        .map(job -> new Object[] {
                            Transitions.next(job.id(), JobState.QUEUED, JobEvent.RESEND), job.id(), job.fence()
                        })
                        .toList());
        List<Queued> won = new ArrayList<>(jobs.size());
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 1) {
                won.add(new Queued(jobs.get(i).id(), jobs.get(i).fence() + 1));
            }
        }
        return won;
    }

    /** RUNNING jobs whose owner is no node's present incarnation. */
    public static List<Job> orphans(EntityManager em, int limit) {
        return jobs(em, ORPHANS, limit);
    }

    /** How many jobs are in a state; at {@code most} it stops counting. */
    public static int count(EntityManager em, JobState state, int most) {
        Number count = (Number) em.createNativeQuery(COUNT_UP_TO)
                .setParameter(1, state.name())
                .setParameter(2, most)
                .getSingleResult();
        return count.intValue();
    }

    /** RUNNING jobs of one incarnation. */
    public static List<Job> runningOf(EntityManager em, UUID owner, int limit) {
        return em.createQuery("SELECT j FROM Job j WHERE j.owner = :owner ORDER BY j.id", Job.class)
                .setParameter("owner", owner)
                .setMaxResults(limit)
                .getResultList();
    }

    /** Notes a running job's progress; changes nothing when that run is over. */
    public static void progress(Tx tx, UUID job, long fence, Integer percent, String message) {
        tx.update(PROGRESS, percent, message, job, fence);
    }

    /** The time at which the next WAITING job goes on, if there is one. */
    public static Optional<Instant> nextDue(Tx tx) {
        return tx.query(NEXT_DUE, row -> Tx.instant(row, "due_at")).stream().findFirst();
    }

    public static Optional<Job> find(EntityManager em, UUID id) {
        return Optional.ofNullable(em.find(Job.class, id));
    }

    public static List<Job> findByRequestIds(EntityManager em, Collection<String> requestIds) {
        return em.createQuery("SELECT j FROM Job j WHERE j.requestId IN :requestIds", Job.class)
                .setParameter("requestIds", requestIds)
                .getResultList();
    }

    public static List<Job> findAll(EntityManager em, Collection<UUID> ids) {
        return em.createQuery("SELECT j FROM Job j WHERE j.id IN :ids", Job.class)
                .setParameter("ids", ids)
                .getResultList();
    }

    /** What changes of these jobs, without their bodies and results. */
    public static List<JobStamp> stamps(EntityManager em, Collection<UUID> ids) {
        return em.createQuery(STAMPS, JobStamp.class).setParameter("ids", ids).getResultList();
    }

    /** All jobs of a chain, in the order of their ids: every job stands behind its parent. */
    public static List<Job> chain(EntityManager em, UUID root, int limit) {
        return em.createQuery("SELECT j FROM Job j WHERE j.root = :root ORDER BY j.id", Job.class)
                .setParameter("root", root)
                .setMaxResults(limit)
                .getResultList();
    }

    /** The ended runs of a job, in order. */
    public static List<RunEntry> runs(EntityManager em, Job job) {
        List<RunEntry> ledger = em.createQuery(
                        "SELECT r FROM RunEntry r WHERE r.job = :job ORDER BY r.number", RunEntry.class)
                .setParameter("job", job.id())
                .getResultList();
        if (job.state() != JobState.SUCCEEDED) {
            return ledger;
        }
        List<RunEntry> all = new ArrayList<>(ledger);
        all.add(RunEntry.ofSuccess(job));
        return all;
    }

    @SuppressWarnings("unchecked") // a native query with a result class returns that class
    private static List<Job> jobs(EntityManager em, String sql, Object... parameters) {
        jakarta.persistence.Query query = em.createNativeQuery(sql, Job.class);
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            query.setParameter(i + 1, value instanceof Instant instant ? Tx.column(instant) : value);
        }
        return query.getResultList();
    }
}
